#include "plan/pull_words.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <memory>
#include <vector>

#include "model/error.hpp"
#include "model/image_name.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

struct Saying {
  PullFault fault;
  std::unique_ptr<RE2> words;
};

// The first that fits: what tells more stands before what any of them may say.
const std::vector<Saying>& sayings() {
  static const std::vector<Saying> all = [] {
    std::vector<Saying> out;
    const auto add = [&](PullFault fault, const char* words) {
      out.push_back({fault, std::make_unique<RE2>(std::string("(?i)") + words, RE2::Latin1)});
    };
    add(PullFault::no_space, "no space left on device|disk quota exceeded|not enough space");
    add(PullFault::limited, "toomanyrequests|rate limit|429 Too Many Requests");
    add(PullFault::untrusted, "x509:|certificate|server gave HTTP response to HTTPS client|tls: ");
    add(PullFault::other_machine,
        "no matching manifest for|no match for platform|does not match the specified platform");
    add(PullFault::too_old, "manifest\\.v1\\+(json|prettyjws)|schema ?1|schema version 1");
    add(PullFault::login,
        "pull access denied|unauthorized|authentication required|no basic auth credentials|requested access|"
        "insufficient_scope|HTTP (status( code)?:? ?)?(401|403)|access forbidden");
    add(PullFault::no_tag,
        "manifest unknown|name unknown|not known to registry|(manifest|tag|image|repository)\\b.*\\bnot found|"
        "resolve reference .*: not found");
    add(PullFault::unreachable,
        "dial tcp|dial udp|proxyconnect|no such host|i/o timeout|connection (refused|reset|timed out)|no route to host|"
        "network is unreachable|TLS handshake timeout|Client\\.Timeout|awaiting headers|request canceled|"
        "context deadline exceeded|name resolution|server misbehaving|unexpected EOF|: EOF");
    add(PullFault::trouble, "HTTP (status( code)?:? ?)?5\\d\\d|internal server error|bad gateway|service unavailable");
    return out;
  }();
  return all;
}

std::string registry_of(const std::string& image) {
  try {
    const std::string host = ImageName::parse(image).host;
    return host.empty() ? "Docker Hub" : host;
  } catch (const Error&) {
    return "its registry";
  }
}

}  // namespace

PullFault pull_fault(const std::string& said) {
  for (const Saying& saying : sayings())
    if (RE2::PartialMatch(said, *saying.words)) return saying.fault;
  return PullFault::other;
}

std::string pull_advice(PullFault fault, const std::string& image, const std::string& docker_host) {
  const auto docker = [&](const std::vector<std::string>& words) { return docker_line(docker_host, words); };
  const std::string registry = registry_of(image), pull = docker({"pull", image});
  switch (fault) {
    case PullFault::no_space:
      return "make room where the host's engine keeps its images: " + docker({"system", "df"}) + " and " +
             docker({"image", "prune"}) + " on the host";
    case PullFault::limited:
      return "wait, or fetch from a registry without such a limit: clusterctl images mirror --to REGISTRY";
    case PullFault::untrusted:
      return fmt::format(
          "give the host the certificate of {} (/etc/docker/certs.d), or name it in insecure-registries under docker: "
          "in the inventory",
          registry);
    case PullFault::other_machine:
      return "take a version that is built for the host's processor, or name such an image under images: in the "
             "inventory";
    case PullFault::too_old:
      return "the host's engine does not take images of that age any more: name one that was made anew under images: "
             "in "
             "the inventory";
    case PullFault::login:
      return fmt::format(
          "correct the name under images: in the inventory; where {} wants a login, docker login and {} on the host, "
          "or "
          "clusterctl images mirror to a registry that wants none",
          registry, pull);
    case PullFault::no_tag:
      return fmt::format("{} has no such image: correct the version, or name the image under images: in the inventory",
                         registry);
    case PullFault::unreachable:
      return fmt::format(
          "let the host reach {} (its name servers, a firewall, the proxy of its engine), or bring the images to a "
          "registry that it reaches: clusterctl images mirror --to REGISTRY",
          registry);
    case PullFault::trouble:
      return fmt::format("{} has trouble of its own: try again later", registry);
    case PullFault::other:
      break;
  }
  return pull + " on the host tells more; images: in the inventory says where from";
}

}  // namespace cctl
