// What engines say of images that they cannot fetch, from Docker 1.12 to 28 and from registries of others.
#include "plan/pull_words.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("whose fault it is that an image cannot be fetched", "[images]") {
  struct Row {
    PullFault fault;
    const char* said;
  };
  for (const Row& row : {
           Row{PullFault::no_tag, "manifest for zookeeper:9.9.9 not found: manifest unknown: manifest unknown"},
           Row{PullFault::no_tag, "manifest for zookeeper:9.9.9 not found"},
           Row{PullFault::no_tag, "Tag 9.9.9 not found in repository docker.io/library/zookeeper"},
           Row{PullFault::no_tag, "Error: image library/zookeeper:9.9.9 not found"},
           Row{PullFault::no_tag,
               "error pulling image: registry.local:5000/zookeeper:1: name unknown: repository name not known to "
               "registry"},
           Row{PullFault::no_tag,
               "failed to resolve reference \"docker.io/library/zookeeper:9\": docker.io/library/zookeeper:9: not "
               "found: "
               "manifest unknown"},
           Row{PullFault::no_tag,
               "failed to resolve reference \"docker.io/library/zookeeper:9\": docker.io/library/zookeeper:9: not "
               "found"},
           Row{PullFault::login, "error parsing HTTP 403 response body: invalid character 'F'"},
           Row{PullFault::login,
               "pull access denied for mesosphere/nothing, repository does not exist or may require 'docker login': "
               "denied: requested access to the resource is denied"},
           Row{PullFault::login, "Get https://registry.local/v2/x/manifests/1: no basic auth credentials"},
           Row{PullFault::login, "unauthorized: authentication required"},
           Row{PullFault::login, "Head \"https://ghcr.io/v2/x/manifests/1\": denied: requested access to it"},
           Row{PullFault::unreachable,
               "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no "
               "such "
               "host"},
           Row{PullFault::unreachable, "Get https://registry-1.docker.io/v2/: dial tcp 34.205.13.154:443: i/o timeout"},
           Row{PullFault::unreachable,
               "Get http://10.0.0.9:5000/v2/: dial tcp 10.0.0.9:5000: connect: connection refused"},
           Row{PullFault::unreachable,
               "Get \"https://registry-1.docker.io/v2/\": net/http: request canceled while waiting for connection "
               "(Client.Timeout exceeded while awaiting headers)"},
           Row{PullFault::unreachable, "Get https://registry.local/v2/: net/http: TLS handshake timeout"},
           Row{PullFault::unreachable, "Get https://x/v2/: proxyconnect tcp: dial tcp 10.0.0.3:3128: no route to host"},
           Row{PullFault::unreachable, "lookup registry.local: Temporary failure in name resolution"},
           Row{PullFault::unreachable, "Get \"https://registry.local/v2/\": EOF"},
           Row{PullFault::untrusted, "Get https://registry.local/v2/: x509: certificate signed by unknown authority"},
           Row{PullFault::untrusted,
               "Get \"https://10.0.0.9:5000/v2/\": http: server gave HTTP response to HTTPS client"},
           Row{PullFault::no_space, "failed to register layer: write /usr/lib/jvm/rt.jar: no space left on device"},
           Row{PullFault::no_space, "write /var/lib/docker/tmp/GetImageBlob123: disk quota exceeded"},
           Row{PullFault::limited,
               "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating"},
           Row{PullFault::other_machine,
               "no matching manifest for linux/arm64/v8 in the manifest list entries: no match for platform in "
               "manifest: "
               "not found"},
           Row{PullFault::too_old,
               "not implemented: media type \"application/vnd.docker.distribution.manifest.v1+prettyjws\" is no longer "
               "supported since containerd v2.1"},
           Row{PullFault::trouble, "received unexpected HTTP status: 503 Service Unavailable"},
           Row{PullFault::trouble, "error parsing HTTP 502 response body: invalid character '<'"},
           Row{PullFault::other, "layers from manifest don't match image configuration"},
           Row{PullFault::other, ""},
       }) {
    CAPTURE(row.said);
    CHECK(static_cast<int>(pull_fault(row.said)) == static_cast<int>(row.fault));
  }
}

TEST_CASE("each fault has a way on that fits it", "[images]") {
  const auto advice = [](PullFault fault) { return pull_advice(fault, "registry.local:5000/zk:3"); };
  CHECK_THAT(advice(PullFault::unreachable), Catch::Matchers::StartsWith("let the host reach registry.local:5000 "));
  CHECK_THAT(advice(PullFault::no_tag), Catch::Matchers::StartsWith("registry.local:5000 has no such image"));
  CHECK_THAT(advice(PullFault::no_space), Catch::Matchers::StartsWith("make room"));
  CHECK_THAT(advice(PullFault::login), Catch::Matchers::Contains("docker pull registry.local:5000/zk:3 on the host"));
  CHECK_THAT(advice(PullFault::other), Catch::Matchers::StartsWith("docker pull registry.local:5000/zk:3 on the host"));
  CHECK_THAT(pull_advice(PullFault::unreachable, "zookeeper:3.8.0"), Catch::Matchers::Contains("reach Docker Hub"));
  CHECK_THAT(pull_advice(PullFault::other, "zookeeper:3.8.0", "unix:///run/x.sock"),
             Catch::Matchers::StartsWith("docker -H unix:///run/x.sock pull zookeeper:3.8.0 on the host"));
  // Nobody who has no room is sent to the registry, and nobody who has no way there to the version.
  CHECK(advice(PullFault::no_space).find("registry") == std::string::npos);
  CHECK(advice(PullFault::unreachable).find("version") == std::string::npos);
}
