// A registry as its HTTP API (v2) shows it: manifests and blobs, checked by their digests.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "registry/auth.hpp"
#include "registry/manifest.hpp"
#include "registry/origin.hpp"
#include "registry/web.hpp"

namespace cctl {

struct RegistrySettings {
  std::set<std::string> insecure;                       // HOST:PORT that speaks plain http; loopback always does
  std::function<Login(const std::string& host)> login;  // who we are there
  std::function<void(const std::string&)> say;          // where a login goes that does not go to its registry
  long idle_timeout = 60;                               // seconds of a body that is hardly moving
  long deadline = 300;                                  // seconds for an answer that is no blob
  std::chrono::milliseconds first_pause{250};           // before it is tried again; then twice that
};

using ByteSink = std::function<void(std::string_view bytes)>;

enum class Right { pull, push };

// May be used by several threads at once. Every failure is an Error that names the registry and what to do next.
class Registry {
 public:
  // `host` empty: Docker Hub.
  Registry(std::string host, const RegistrySettings& settings);

  const std::string& host() const { return host_; }
  std::string name() const { return host_.empty() ? "docker.io" : host_; }

  // A tag or a digest; the bytes are checked against a digest.
  ImageManifest manifest(const std::string& repository, const std::string& wanted);
  // The digest of what stands there now; empty: nothing.
  std::string digest(const std::string& repository, const std::string& wanted, Right right);
  void put_manifest(const std::string& repository, const std::string& wanted, const ImageManifest& manifest);

  bool has(const std::string& repository, const std::string& digest, Right right);
  // Every byte goes to the sink once; a broken connection is taken up where it broke. Throws when the bytes are not
  // what the digest says.
  void fetch(const std::string& repository, const Blob& blob, const ByteSink& sink);
  // Whether the registry took the blob over from another of its repositories.
  bool mount(const std::string& repository, const std::string& digest, const std::string& other);

  // A request below /v2/REPOSITORY/; tries again where that may help.
  WebReply ask(const std::string& repository, Right right, WebRequest request);
  // The same, once, and any status is an answer except "who are you", and for GET and HEAD "go there". Our login and
  // what we were given for it go to this registry's scheme, host and port and nowhere else.
  WebReply send(const std::string& repository, Right right, WebRequest request);
  std::string url(const std::string& repository, const std::string& rest) const;
  // Where the registry sends us from `asked`; Error where we do not go: from https down to http, or to what is no URL.
  std::string location_in(const WebReply& reply, const std::string& asked) const;
  // Throws what a wrong status means.
  [[noreturn]] void refuse(const WebReply& reply, const std::string& what, Right right) const;

 private:
  std::string repository_path(const std::string& repository) const;
  void pause_before(int attempt) const;
  WebReply send_once(const std::string& repository, Right right, const WebRequest& request);
  std::string authorization(const std::string& key);
  std::string authorize(const std::string& header, const std::string& repository, Right right);
  void check_realm(const std::string& realm);
  std::string token(const Challenge& challenge, const std::string& scope);
  const Login& login();

  std::string host_, base_;
  Origin origin_;
  const RegistrySettings& settings_;
  Web web_;
  std::mutex mutex_;
  std::optional<Login> login_;
  std::set<std::string> told_;                         // token servers that were said to get our login
  std::map<std::string, std::string> authorizations_;  // repository and right -> value of the header
};

// Each registry once.
class Registries {
 public:
  explicit Registries(RegistrySettings settings) : settings_(std::move(settings)) {}
  Registry& at(const std::string& host);

 private:
  RegistrySettings settings_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Registry>> registries_;
};

}  // namespace cctl
