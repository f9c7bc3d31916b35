// What the registry room does with what it is told by those who mean harm. Whole runs against such registries:
// tests/cli/hostile_registry_test.py.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "catch.hpp"
#include "model/error.hpp"
#include "registry/archive.hpp"
#include "registry/auth.hpp"
#include "registry/layout.hpp"
#include "registry/origin.hpp"
#include "registry/registry.hpp"
#include "registry/sha256.hpp"

using namespace cctl;

namespace {

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

void check_says(const std::string& said, const std::string& words) {
  CAPTURE(said, words);
  CHECK(said.find(words) != std::string::npos);
}

// One entry of a tar, its header made by hand: headers that no tar would write.
std::string tar_entry(const std::string& name, const std::string& content, char type = '0', long long size = -1,
                      const std::string& link = "") {
  std::string head(512, '\0');
  const auto put = [&](std::size_t at, const std::string& text) { head.replace(at, text.size(), text); };
  const auto octal = [](long long v, int digits) {
    std::string out(static_cast<std::size_t>(digits), '0');
    for (auto at = out.rbegin(); at != out.rend(); ++at, v /= 8) *at = static_cast<char>('0' + v % 8);
    return out;
  };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, octal(size < 0 ? static_cast<long long>(content.size()) : size, 11));
  put(136, "00000000000");
  put(148, "        ");
  head[156] = type;
  put(157, link);
  put(257, std::string("ustar\0"
                       "00",
                       8));
  long long sum = 0;
  for (const char c : head) sum += static_cast<unsigned char>(c);
  put(148, octal(sum, 6) + std::string("\0 ", 2));
  return head + content + std::string((512 - content.size() % 512) % 512, '\0');
}

const std::string config = "{}", layer = "layer";
std::string described(const std::string& bytes) {
  return R"({"digest":")" + digest_of(bytes) + R"(","size":)" + std::to_string(bytes.size()) + "}";
}
const std::string image = R"({"config":)" + described(config) + R"(,"layers":[)" + described(layer) + "]}";
const std::string index_text = R"({"manifests":[{"digest":")" + digest_of(image) +
                               R"(","annotations":{"io.containerd.image.name":"docker.io/library/x:1"}}]})";
const std::string end_of_tar(1024, '\0');

std::string whole_archive() {
  return tar_entry("index.json", index_text) + tar_entry(blob_path(digest_of(image)), image) +
         tar_entry(blob_path(digest_of(layer)), layer);
}

// Everything that `images load` reads of an archive.
void load(const std::string& bytes) {
  const auto file = std::filesystem::temp_directory_path() / ("cctl-archive-" + std::to_string(::getpid()) + ".tar");
  std::ofstream(file, std::ios::binary) << bytes;
  struct Gone {
    std::filesystem::path path;
    ~Gone() { std::filesystem::remove(path); }
  } const gone{file};
  ArchiveSource source(file);
  for (const ArchivedImage& one : source.images()) {
    const ImageTree tree = read_tree(source, one.name, true);
    source.fetch(one.name, tree.blobs().back(), [](std::string_view) {});
  }
}

// Answers each connection with the same start, and then a byte now and then, for ever.
class Dripping {
 public:
  explicit Dripping(std::string start) : start_(std::move(start)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
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
                                : ::send(link, "x", 1, MSG_NOSIGNAL) > 0;
        }
        ::close(link);
      });
    }
  }
  std::string start_;
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

TEST_CASE("what an archive does not hold is known after one reading of it") {
  std::string manifests;
  for (int i = 0; i < 1000; ++i)
    manifests += fmt::format(R"({}{{"digest":"sha256:{:064x}","annotations":{{"io.containerd.image.name":"x/x:{}"}}}})",
                             i == 0 ? "" : ",", i, i);
  const auto file = std::filesystem::temp_directory_path() / ("cctl-many-" + std::to_string(::getpid()) + ".tar");
  std::string bytes = tar_entry("index.json", R"({"manifests":[)" + manifests + "]}");
  for (int i = 0; i < 20'000; ++i) bytes += tar_entry("junk" + std::to_string(i), "");
  std::ofstream(file, std::ios::binary) << bytes << end_of_tar;
  ArchiveSource source(file);
  REQUIRE(source.images().size() == 1000);
  std::size_t refused = 0;
  for (const ArchivedImage& one : source.images()) try {
      source.manifest(one.name, one.digest);
    } catch (const Error& e) {
      refused += std::string(e.what()).find("has no manifest") != std::string::npos;
      std::filesystem::remove(file);  // once it has been read, nothing is read again
    }
  CHECK(refused == 1000);
  std::filesystem::remove(file);
}

TEST_CASE("an archive is read as what it is, or not at all") {
  load(whole_archive() + end_of_tar);
  load(tar_entry("../../../../tmp/cctl-evil", "x") + tar_entry("/etc/cctl-evil", "x") + whole_archive() + end_of_tar);
  CHECK_FALSE(std::filesystem::exists("/tmp/cctl-evil"));
  CHECK_FALSE(std::filesystem::exists("/etc/cctl-evil"));
  const std::string index = tar_entry("index.json", index_text), manifest_path = blob_path(digest_of(image)),
                    layer_path = blob_path(digest_of(layer)), manifest = tar_entry(manifest_path, image);
  struct Case {
    std::string bytes, words;
  };
  const Case cases[] = {
      {"", "cannot be read"},
      {tar_entry("oci-layout", "{}"), "no index.json"},
      {"not a tar at all", "cannot be read"},
      {tar_entry("index.json", "", '2', 0, "/etc/passwd"), "index.json in"},
      {tar_entry("index.json", "", '1', 0, "/etc/passwd"), "no plain file"},
      {tar_entry("index.json", "", '5', 0), "no plain file"},
      {tar_entry("index.json", "", '3', 0), "no plain file"},
      {tar_entry("index.json", "{}", '0', 077777777777LL), "is too long"},
      {tar_entry("index.json", std::string(5 << 20, ' ')), "is too long"},
      {tar_entry("index.json", "{}", '0', 1000), "breaks off"},
      {tar_entry("index.json", std::string(1'000'000, '[')), "deeper than 200"},
      {tar_entry("index.json", R"({"manifests":7})"), "no list of manifests"},
      {tar_entry("index.json", R"({"manifests":[7]})"), "is none of sha256"},
      {tar_entry("index.json", R"({"manifests":[],"manifests":[]})"), "same key twice"},
      {index, "has no manifest"},
      {index + tar_entry(manifest_path, image + " "), "is damaged"},
      {index + tar_entry(manifest_path, "", '2', 0, "index.json"), "no plain file"},
      {index + manifest, "is not in"},
      {index + manifest + tar_entry(layer_path, "other"), "is damaged"},
      {index + manifest + tar_entry(layer_path, layer + "!"), "is too long"},
      {index + manifest + tar_entry(layer_path, "la"), "is damaged"},
      {index + manifest + tar_entry(layer_path, layer).substr(0, 514), "breaks off"},
      {index + manifest + tar_entry("./" + layer_path, "", '2', 0, "/dev/zero"), "no plain file"},
      {index + manifest + std::string(512, 'x'), "damaged"},
  };
  for (const Case& c : cases) check_says(error_of([&] { load(c.bytes); }), c.words);
  std::string names;
  for (int i = 0; i < 1001; ++i) names += std::string(i ? "," : "") + R"({"digest":"x"})";
  check_says(error_of([&] { read_index("{\"manifests\":[" + names + "]}"); }), "names 1001 images");
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
    int connections = 0;
  };
  Case cases[] = {{"", "does not answer", manifest, {}},
                  {long_body, "does not answer", manifest, {}},
                  {"HTTP/1.1 200 OK\r\nX: ", "does not answer", manifest, {}},
                  {long_body, "does not come", blob, {}}};
  {
    std::vector<std::jthread> threads;  // the assertions are not for more than one
    for (Case& c : cases) {
      threads.emplace_back([&c, &settings] {
        Dripping server(c.start);
        Registry registry(server.address, settings);
        c.said = error_of([&] { c.work(registry); });
        c.connections = server.connections;
      });
    }
  }
  for (const Case& c : cases) {
    check_says(c.said, c.words);
    CHECK(c.connections == 4);
  }
}
