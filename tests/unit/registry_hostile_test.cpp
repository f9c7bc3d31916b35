// What the registry room does with what it is told by those who mean harm. Whole runs against such registries:
// tests/cli/hostile_registry_test.py.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "catch.hpp"
#include "registry/auth.hpp"
#include "registry/origin.hpp"
#include "registry/registry.hpp"
#include "registry/sha256.hpp"
#include "registry_support.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

const std::string layer = "layer";

// Answers each connection with the same start, and then a byte now and then, for ever.
class Dripping {
 public:
  // Bytes each twentieth of a second.
  Dripping(std::string start, std::size_t bytes)
      : start_(std::move(start)), drop_(bytes, 'x'), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) != 0 || ::listen(listener_, 8) != 0) std::abort();
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    address = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~Dripping() {
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string address;
  std::atomic<int> connections = 0;

 private:
  void serve(const std::stop_token& stop) {
    std::vector<std::jthread> talks;
    for (int link; (link = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      ++connections;
      talks.emplace_back([this, link, &stop] {
        char request[4096];
        bool open = ::recv(link, request, sizeof request, 0) > 0 &&
                    (start_.empty() || ::send(link, start_.data(), start_.size(), MSG_NOSIGNAL) > 0);
        while (open && !stop.stop_requested()) {
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
          open = start_.empty() ? ::recv(link, request, sizeof request, MSG_DONTWAIT) != 0
                                : ::send(link, drop_.data(), drop_.size(), MSG_NOSIGNAL) > 0;
        }
        ::close(link);
      });
    }
  }
  std::string start_, drop_;
  int listener_;
  std::jthread thread_;
};

}  // namespace

TEST_CASE("loopback is what is one, not what begins like it") {
  for (const char* name :
       {"127.0.0.1", "127.0.0.1:5000", "127.255.1.2:1", "localhost", "LocalHost:5000", "[::1]", "[::1]:5000"}) {
    CAPTURE(name);
    CHECK(is_loopback(name));
  }
  for (const char* name : {"127.evil.example",
                           "127.0.0.1.evil.example:5000",
                           "127.1",
                           "127.0.0.1.",
                           "0127.0.0.1",
                           "128.0.0.1",
                           "10.127.0.0",
                           "localhost.evil.example",
                           "localhost.",
                           "evil-localhost",
                           "[::1",
                           "[::1].evil",
                           "[::ffff:127.0.0.1]",
                           "::1",
                           "",
                           "2130706433",
                           "0x7f.0.0.1",
                           "127.0.0.256",
                           "127.0.0",
                           "127.0.0.1 ",
                           "127.0.0.1@evil.example"}) {
    CAPTURE(name);
    CHECK_FALSE(is_loopback(name));
  }
}

TEST_CASE("an origin is scheme, host and port, however it is written") {
  CHECK(origin_of("https://Reg.Example/v2/")->text() == "https://reg.example:443");
  CHECK(origin_of("HTTP://reg.example:5000/x?y#z")->text() == "http://reg.example:5000");
  CHECK(origin_of("https://reg.example") == origin_of("https://REG.example:443/other"));
  CHECK(origin_of("https://reg.example") != origin_of("http://reg.example:443"));
  CHECK(origin_of("http://[::1]:5000/")->authority() == "[::1]:5000");
  CHECK(origin_of("http://reg.example\\@evil.example/") == std::nullopt);
  for (const char* url : {"", "reg.example", "ftp://reg.example", "file:///etc/passwd", "javascript:x", "https://",
                          "http://me:pw@reg.example/", "http://me@reg.example/", "http://a b/", "http://a/\r\nX: y",
                          "http://a:99999/", "http://a:-1/", "http://a:b/", "//reg.example/"}) {
    CAPTURE(url);
    CHECK_FALSE(origin_of(url));
  }
}

TEST_CASE("a location is seen from where it was said") {
  const std::string asked = "https://reg.example/v2/a/blobs/uploads/";
  CHECK(resolved(asked, "/v2/x?y=z") == "https://reg.example/v2/x?y=z");
  CHECK(resolved(asked, "1") == "https://reg.example/v2/a/blobs/uploads/1");
  CHECK(resolved(asked, "../1") == "https://reg.example/v2/a/blobs/1");
  CHECK(resolved(asked, "//evil.example/x") == "https://evil.example/x");
  CHECK(resolved(asked, "http://evil.example:81/x") == "http://evil.example:81/x");
  CHECK(resolved(asked, "?state=1") == "https://reg.example/v2/a/blobs/uploads/?state=1");
  for (const char* location :
       {"", "http://a b/", "https://me:pw@evil.example/", "a\nb", "\\\\evil.example\\x", "http://a:99999/"}) {
    CAPTURE(location);
    CHECK_FALSE(origin_of(resolved(asked, location)));
  }
}

TEST_CASE("a token is one that can stand in a header") {
  CHECK(token_in(R"({"token":"","access_token":"b"})") == "b");
  for (const char* answer :
       {R"({"token":"a\r\nX: y"})", R"({"token":"a b"})", R"({"token":"\u0000"})", R"({"token":"\u00e9"})",
        R"({"token":["a"]})", R"({"token":7})", R"(["token"])", R"({"token":null})", "", "\xff"}) {
    CAPTURE(answer);
    CHECK(token_in(answer).empty());
  }
}

TEST_CASE("Docker's configuration is not shown when it cannot be read") {
  for (const char* text : {R"({"auths":{"x":{"auth":"c2VjcmV0")", R"(["c2VjcmV0"])", "c2VjcmV0",
                           R"({"credsStore":"../c2VjcmV0"})", R"({"credsStore":"c2VjcmV0 -x"})"}) {
    const std::string said = error_of([&] { login_in(text, "x"); });
    check_says(said, "Docker's config.json");
    CHECK(said.find("c2VjcmV0") == std::string::npos);
  }
  // Of another kind than Docker writes: no login.
  for (const char* text :
       {R"({"auths":[]})", R"({"auths":{"x":7}})", R"({"auths":{"x":{"auth":7}}})", R"({"auths":{"x":{"auth":"!"}}})",
        R"({"credHelpers":["x"]})", R"({"credHelpers":{"x":{}}})", R"({"credsStore":7})"}) {
    CHECK_FALSE(login_in(text, "x").login.known());
    CHECK(login_in(text, "x").helper.empty());
  }
}

TEST_CASE("who answers slowly, or not at all, is given up") {
  RegistrySettings settings;
  settings.idle_timeout = settings.deadline = 1;
  settings.first_pause = std::chrono::milliseconds(1);
  const auto manifest = [](Registry& r) { r.manifest("x", "1"); };
  const auto blob = [](Registry& r) {
    r.fetch("x", {digest_of(layer), "", 1'000'000, false}, [](std::string_view) {});
  };
  const std::string long_body = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
  struct Case {
    std::string start, words;
    std::function<void(Registry&)> work;
    std::string said;
    std::size_t drop = 1;
    int tries = 4;
    int connections = 0;
  };
  const auto small = [](Registry& r) { r.fetch("x", {digest_of(layer), "", 16'000, false}, [](std::string_view) {}); };
  Case cases[] = {{"", "does not answer", manifest, {}},
                  {long_body, "does not answer", manifest, {}},
                  {"HTTP/1.1 200 OK\r\nX: ", "does not answer", manifest, {}},
                  {long_body, "does not come", blob, {}},
                  // It moves, and takes longer than its size may take: two seconds for all attempts.
                  {long_body, "does not come", small, {}, 100, 1}};
  {
    std::vector<std::jthread> threads;  // the assertions are not for more than one
    for (Case& c : cases) {
      threads.emplace_back([&c, &settings] {
        Dripping server(c.start, c.drop);
        Registry registry(server.address, settings);
        c.said = error_of([&] { c.work(registry); });
        c.connections = server.connections;
      });
    }
  }
  for (const Case& c : cases) {
    check_says(c.said, c.words);
    CHECK(c.connections == c.tries);
  }
}
