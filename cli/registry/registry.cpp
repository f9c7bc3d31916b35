#include "registry/registry.hpp"

#include <fmt/format.h>

#include <thread>

#include "model/error.hpp"
#include "model/outside_json.hpp"
#include "model/shell_words.hpp"
#include "registry/excerpt.hpp"
#include "registry/sha256.hpp"

namespace cctl {
namespace {

constexpr int most_tries = 4;
constexpr long least_blob_speed = 1000;     // bytes a second; less than a modem: somebody holds us
constexpr long long usual_speed = 16'000;   // bytes a second that a blob has on its whole way, whoever measures it out
constexpr long longest_blob = 6 * 60 * 60;  // seconds for one, however large it is said to be

// Seconds for a blob with all its attempts.
std::chrono::seconds time_for(long long size, long to_begin) {
  return std::chrono::seconds(std::min<long long>(to_begin + size / usual_speed, longest_blob));
}
bool may_pass(long status) {
  return status == 429 || status >= 500;
}

// What the registry itself says: `{"errors":[{"code":...,"message":...}]}`.
std::string words_of(const WebReply& reply) {
  const OutsideJson said = parse_outside(reply.body);
  const auto& errors = list_in(said.value, "errors");
  if (errors.empty()) return "";
  const std::string text = text_in(errors.front(), "message", text_in(errors.front(), "code"));
  return text.empty() ? "" : " (" + excerpt(text) + ")";
}

// One line: not every server reads more.
std::string accept_header() {
  return fmt::format("Accept: {}", fmt::join(manifest_types(), ", "));
}

}  // namespace

Registry::Registry(std::string host, const RegistrySettings& settings) : host_(std::move(host)), settings_(settings) {
  const bool plain = settings.insecure.count(host_) || is_loopback(host_);
  base_ = (plain ? "http://" : "https://") + (host_.empty() ? "registry-1.docker.io" : host_);
  const auto origin = origin_of(base_);
  if (!origin) throw Error(fmt::format("\"{}\" is no registry: HOST or HOST:PORT", excerpt(host_)), 2);
  origin_ = *origin;
}

std::string Registry::repository_path(const std::string& repository) const {
  return host_.empty() && repository.find('/') == std::string::npos ? "library/" + repository : repository;
}

std::string Registry::url(const std::string& repository, const std::string& rest) const {
  return base_ + "/v2/" + repository_path(repository) + "/" + rest;
}

WebReply Registry::ask(const std::string& repository, Right right, WebRequest request) {
  for (int attempt = 0;; ++attempt) {
    try {
      WebReply reply = send(repository, right, request);
      if (!may_pass(reply.status) || attempt + 1 == most_tries) return reply;
    } catch (const WebError& e) {
      if (e.kind() == WebError::Kind::tls)
        throw Error(fmt::format("{}: {}; if it speaks plain http, say --insecure {}", name(), e.what(), host_));
      if (e.kind() == WebError::Kind::certificate)
        throw Error(fmt::format("{}: {}; for an authority of your own: update-ca-certificates, or SSL_CERT_FILE=FILE",
                                name(), e.what()));
      if (attempt + 1 == most_tries) throw Error(fmt::format("{} does not answer: {}", name(), e.what()));
    }
    pause_before(attempt);
  }
}

void Registry::pause_before(int attempt) const {
  std::this_thread::sleep_for(settings_.first_pause * (1 << attempt));
}

void Registry::refuse(const WebReply& reply, const std::string& what, Right right) const {
  const std::string said = words_of(reply);
  if (reply.status == 401 || reply.status == 403) {
    throw Error(fmt::format("{} does not let us {} {}: {}{}; docker login {}", name(),
                            right == Right::push ? "push" : "pull", what,
                            reply.status == 401 ? "401 unauthorized" : "403 forbidden", said, shell_word(host_)));
  }
  if (reply.status == 404) throw Error(fmt::format("{} has no {}{}", name(), what, said));
  if (reply.status == 429)
    throw Error(fmt::format("{} has had enough of us for now: 429{}; try again later", name(), said));
  if (reply.status == 400 && base_.starts_with("http:") && reply.body.find("HTTPS") != std::string::npos) {
    throw Error(fmt::format("{} speaks https, not plain http; leave --insecure out", name()));
  }
  throw Error(fmt::format("{} answers {} for {}{}", name(), reply.status, what, said));
}

ImageManifest Registry::manifest(const std::string& repository, const std::string& wanted) {
  WebRequest request;
  request.url = url(repository, "manifests/" + wanted);
  request.headers.push_back(accept_header());
  request.limit = most_manifest_bytes;
  WebReply reply = ask(repository, Right::pull, std::move(request));
  const std::string what = repository + (wanted.find(':') == std::string::npos ? ":" : "@") + wanted;
  if (reply.status != 200) refuse(reply, what, Right::pull);
  ImageManifest out = read_manifest(std::move(reply.body), reply.header("content-type"));
  const bool pinned = wanted.find(':') != std::string::npos;
  const std::string digest = pinned ? wanted : reply.header("docker-content-digest");
  if (!digest.empty() && digest.starts_with("sha256:") && digest != out.digest)
    throw Error(fmt::format("{} is damaged in {}: its manifest has the digest {}", what, name(), out.digest));
  return out;
}

std::string Registry::digest(const std::string& repository, const std::string& wanted, Right right) {
  WebRequest request;
  request.method = "HEAD";
  request.url = url(repository, "manifests/" + wanted);
  request.headers.push_back(accept_header());
  const WebReply reply = ask(repository, right, std::move(request));
  if (reply.status == 404) return "";
  if (reply.status != 200) refuse(reply, repository + ":" + wanted, right);
  return reply.header("docker-content-digest");
}

void Registry::put_manifest(const std::string& repository, const std::string& wanted, const ImageManifest& manifest) {
  WebRequest request;
  request.method = "PUT";
  request.url = url(repository, "manifests/" + wanted);
  request.headers = {"Content-Type: " + manifest.media_type};
  request.body = manifest.bytes;
  const WebReply reply = ask(repository, Right::push, std::move(request));
  if (reply.status / 100 != 2) refuse(reply, "the manifest of " + repository, Right::push);
  const std::string digest = reply.header("docker-content-digest");
  if (!digest.empty() && digest != manifest.digest)
    throw Error(fmt::format("{} stored {} with the digest {} instead of {}", name(), repository, excerpt(digest),
                            manifest.digest));
}

bool Registry::has(const std::string& repository, const std::string& digest, Right right) {
  WebRequest request;
  request.method = "HEAD";
  request.url = url(repository, "blobs/" + digest);
  const WebReply reply = ask(repository, right, std::move(request));
  if (reply.status == 404) return false;
  if (reply.status != 200) refuse(reply, repository + "@" + digest, right);
  return true;
}

void Registry::fetch(const std::string& repository, const Blob& blob, const ByteSink& sink) {
  const std::string what = fmt::format("the blob {} of {}", blob.digest, repository);
  Sha256 sum;
  long long done = 0;
  const auto end = std::chrono::steady_clock::now() + time_for(blob.size, settings_.deadline);
  for (int attempt = 0;; ++attempt) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(end - std::chrono::steady_clock::now());
    WebRequest request;
    request.url = url(repository, "blobs/" + blob.digest);
    request.deadline = static_cast<long>(std::max<long long>(1, left.count()));
    request.least_speed = least_blob_speed;
    request.idle_timeout = settings_.idle_timeout;
    if (done > 0) request.headers.push_back(fmt::format("Range: bytes={}-", done));
    long long known = done;  // bytes of a whole answer to go past; a part begins behind them
    bool sink_failed = false;
    request.sink = [&](long status, std::string_view bytes) {
      if (status != 206 && known > 0) {
        const auto past = std::min<long long>(known, static_cast<long long>(bytes.size()));
        bytes.remove_prefix(static_cast<std::size_t>(past));
        known -= past;
      }
      done += static_cast<long long>(bytes.size());
      sink_failed = true;
      if (done > blob.size) throw Error(fmt::format("{} is longer in {} than its manifest says", what, name()));
      sum.add(bytes);
      sink(bytes);
      sink_failed = false;
    };
    std::string broken;
    try {
      const WebReply reply = send(repository, Right::pull, std::move(request));
      if (reply.status / 100 == 2 && done == blob.size) break;
      if (reply.status / 100 != 2 && !may_pass(reply.status)) refuse(reply, what, Right::pull);
      broken = reply.status / 100 == 2 ? fmt::format("{} of {} bytes came", done, blob.size)
                                       : fmt::format("it answers {}", reply.status);
    } catch (const WebError& e) {
      if (sink_failed) throw;
      broken = e.what();
    }
    if (attempt + 1 == most_tries || std::chrono::steady_clock::now() >= end)
      throw Error(fmt::format("{} does not come from {}: {}", what, name(), broken));
    pause_before(attempt);
  }
  const std::string digest = sum.digest();
  if (digest == blob.digest) return;
  throw Error(fmt::format(
      "{} is damaged in {}: its bytes have the digest {}; nothing of it was kept; push the image there again", what,
      name(), digest));
}

bool Registry::mount(const std::string& repository, const std::string& digest, const std::string& other) {
  WebRequest request;
  request.method = "POST";
  request.url = url(repository, "blobs/uploads/?mount=" + digest + "&from=" + percent_encoded(repository_path(other)));
  const std::string asked = request.url;
  const WebReply reply = ask(repository, Right::push, std::move(request));
  if (reply.status == 202) {  // it began an upload instead
    WebRequest cancel;
    cancel.method = "DELETE";
    cancel.url = location_in(reply, asked);
    send(repository, Right::push, std::move(cancel));
  }
  return reply.status == 201;
}

Registry& Registries::at(const std::string& host) {
  const std::lock_guard lock(mutex_);
  auto& found = registries_[host];
  if (!found) found = std::make_unique<Registry>(host, settings_);
  return *found;
}

}  // namespace cctl
