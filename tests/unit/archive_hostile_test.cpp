// Archives that mean harm, as `clusterctl images load` reads them.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "catch.hpp"
#include "model/error.hpp"
#include "registry/archive.hpp"
#include "registry/layout.hpp"
#include "registry/sha256.hpp"
#include "registry_support.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

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

// A file for as long as this lives.
struct Kept {
  explicit Kept(const std::string& bytes)
      : path(std::filesystem::temp_directory_path() / ("cctl-archive-" + std::to_string(::getpid()) + ".tar")) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  ~Kept() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

// Everything that `images load` reads of an archive.
void load(const std::string& bytes) {
  const Kept file(bytes);
  ArchiveSource source(file.path);
  for (const ArchivedImage& one : source.images()) {
    const ImageTree tree = read_tree(source, one.name, true);
    source.fetch(one.name, tree.blobs().back(), [](std::string_view) {});
  }
}

using Packing = int (*)(archive*);

std::string packed(const std::string& bytes, Packing by) {
  const std::unique_ptr<archive, decltype(&archive_write_free)> out(archive_write_new(), &archive_write_free);
  std::string room(bytes.size() + (1 << 20), '\0');
  std::size_t used = 0;
  archive_write_set_format_raw(out.get());
  by(out.get());
  archive_write_set_bytes_in_last_block(out.get(), 1);
  archive_write_open_memory(out.get(), room.data(), room.size(), &used);
  const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), &archive_entry_free);
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_write_header(out.get(), entry.get());
  archive_write_data(out.get(), bytes.data(), bytes.size());
  archive_write_close(out.get());
  return room.substr(0, used);
}

// A record of pax, with its own length in front.
std::string pax(const std::string& key, const std::string& value) {
  const std::string rest = " " + key + "=" + value + "\n";
  std::size_t length = rest.size();
  while (std::to_string(length).size() + rest.size() != length) length = std::to_string(length).size() + rest.size();
  return std::to_string(length) + rest;
}

std::string noise(std::size_t bytes) {
  std::mt19937 random(7);
  std::string out(bytes, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

// Of all files, by this process so far.
long long bytes_read() {
  std::ifstream in("/proc/self/io");
  std::string word;
  long long count = 0;
  in >> word >> count;
  return count;
}

}  // namespace

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

TEST_CASE("an archive is compressed once, by what the library itself undoes") {
  const std::string bytes = whole_archive() + end_of_tar;
  const Packing ways[] = {archive_write_add_filter_gzip, archive_write_add_filter_xz, archive_write_add_filter_zstd};
  for (const Packing way : ways) {
    load(packed(bytes, way));
    for (const Packing other : ways)
      check_says(error_of([&] { load(packed(packed(bytes, way), other)); }), "is compressed 2 times over; only one is");
    check_says(error_of([&] { load(packed("no tar", way)); }), "cannot be read");
    const std::string whole = packed(bytes, way);
    CHECK(error_of([&] { load(whole.substr(0, whole.size() / 2)); }) != "no error");
  }
  for (const Packing way : {archive_write_add_filter_bzip2, archive_write_add_filter_lzip,
                            archive_write_add_filter_compress, archive_write_add_filter_uuencode})
    check_says(error_of([&] { load(packed(bytes, way)); }), "cannot be read");
  std::string deep = bytes;
  for (int i = 0; i < 20; ++i) deep = packed(deep, archive_write_add_filter_gzip);
  check_says(error_of([&] { load(deep); }), "times over");
}

TEST_CASE("what stands around an archive's blobs has an end") {
  const std::string whole = whole_archive() + end_of_tar, long_name(5000, 'n');
  // Names as old tars and as pax write them, of a file and of what a link leads to.
  load(tar_entry("././@LongLink", std::string(4000, 'n') + '\0', 'L') + tar_entry("n", "") + whole);
  load(tar_entry("x", pax("path", std::string(4000, 'n')), 'x') + tar_entry("n", "") + whole);
  for (const std::string& head : {tar_entry("././@LongLink", long_name + '\0', 'L') + tar_entry("n", ""),
                                  tar_entry("././@LongLink", long_name + '\0', 'K') + tar_entry("n", "", '2', 0, "n"),
                                  tar_entry("././@LongLink", long_name + '\0', 'K') + tar_entry("n", "", '1', 0, "n"),
                                  tar_entry("x", pax("path", long_name), 'x') + tar_entry("n", ""),
                                  tar_entry("x", pax("linkpath", long_name), 'x') + tar_entry("n", "", '2', 0, "n"),
                                  tar_entry("x", pax("linkpath", long_name), 'x') + tar_entry("n", "", '1', 0, "n")})
    check_says(error_of([&] { load(head + whole); }), "holds a name of 5000 bytes, in its entry 1; more than 4096");
  // A list of holes that goes on and on, which the library would keep in memory.
  std::string holes = "2000000\n";
  for (int i = 0; i < 2'000'000; ++i) holes += "0\n0\n";
  const std::string sparse = pax("GNU.sparse.major", "1") + pax("GNU.sparse.minor", "0") + pax("GNU.sparse.name", "n") +
                             pax("GNU.sparse.realsize", "9");
  check_says(error_of([&] { load(tar_entry("x", sparse, 'x') + tar_entry("n", holes) + whole); }),
             "what stands before an entry is longer than 4 MiB");
  std::string many;
  const std::string empty = tar_entry("junk", "");
  for (int i = 0; i < 200'001; ++i) many += empty;
  check_says(error_of([&] { load(many + whole); }), "holds more than 200000 entries");
}

TEST_CASE("an archive that grows beyond measure is given up") {
  // Packed files that stand one behind the other are one.
  const auto grown = [](int mib, Packing way) {
    const std::string zeros = packed(std::string(1 << 20, '\0'), way);
    std::string out = packed(tar_entry("junk", "", '0', static_cast<long long>(mib) << 20), way);
    for (int i = 0; i < mib; ++i) out += zeros;
    return out + packed(whole_archive() + end_of_tar, way);
  };
  for (const Packing way : {archive_write_add_filter_gzip, archive_write_add_filter_xz}) {
    load(grown(200, way));
    check_says(error_of([&] { load(grown(300, way)); }), "grows to more than 100 times its size");
  }
  // What is there is no zeros.
  const std::string junk = noise(4 << 20);
  load(packed(tar_entry("junk", junk) + whole_archive() + end_of_tar, archive_write_add_filter_gzip));
}

TEST_CASE("what an archive says is there and is not is missed") {
  check_says(error_of([&] { load(whole_archive() + tar_entry("junk", "x", '0', 1 << 20)); }), "is damaged");
  const std::string pipe = std::filesystem::temp_directory_path() / ("cctl-pipe-" + std::to_string(::getpid()));
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  check_says(error_of([&] { ArchiveSource{pipe}; }), "it is no file, and an archive is read more than once");
  std::filesystem::remove(pipe);
  check_says(error_of([&] { ArchiveSource{std::filesystem::temp_directory_path()}; }), "it is no file");
  check_says(error_of([&] { ArchiveSource{pipe}; }), "No such file");
}

TEST_CASE("blobs are read as they come") {
  const std::string junk = tar_entry("junk", noise(8 << 20));
  std::string bytes = tar_entry("index.json", index_text) + junk;
  std::vector<std::string> blobs;
  for (int i = 0; i < 60; ++i) {
    blobs.push_back(fmt::format("blob {}", i));
    bytes += tar_entry(blob_path(digest_of(blobs.back())), blobs.back());
  }
  bytes += tar_entry(blob_path(digest_of(image)), image) + end_of_tar;
  for (const Packing way :
       {archive_write_add_filter_none, archive_write_add_filter_gzip, archive_write_add_filter_zstd}) {
    const Kept file(packed(bytes, way));
    const long long before = bytes_read();
    ArchiveSource source(file.path);
    CHECK(source.at_once() == (way == archive_write_add_filter_none ? 4 : 1));
    const auto fetch = [&](const std::string& blob) {
      std::string got;
      source.fetch({}, {digest_of(blob), "", static_cast<long long>(blob.size()), false},
                   [&](std::string_view part) { got += part; });
      CHECK(got == blob);
    };
    for (std::size_t i = 1; i < blobs.size(); ++i) {
      fetch(blobs[i]);
      CHECK(source.place({digest_of(blobs[i - 1]), "", 0, false}) < source.place({digest_of(blobs[i]), "", 0, false}));
    }
    // Once to look for them, and once to fetch them.
    CHECK(bytes_read() - before < 3 * (8LL << 20));
    fetch(blobs.front());  // out of turn, and by one whose upload broke off
    CHECK_THROWS_AS(
        source.fetch({}, {digest_of(blobs[2]), "", 6, false}, [](std::string_view) { throw Error("gone"); }), Error);
    fetch(blobs[2]);
  }
}
