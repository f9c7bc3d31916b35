#include "registry/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <memory>

#include "model/error.hpp"
#include "registry/sha256.hpp"

namespace cctl {
namespace {

constexpr std::size_t block = 256 << 10;
constexpr std::size_t most_json = 8 << 20;

using Reading = std::unique_ptr<archive, decltype(&archive_read_free)>;

Reading open(const std::string& file) {
  Reading out(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(out.get());
  archive_read_support_filter_all(out.get());
  if (archive_read_open_filename(out.get(), file.c_str(), block) != ARCHIVE_OK)
    throw Error(file + " cannot be read: " + archive_fault(out.get()));
  return out;
}

std::string name_of(archive_entry* entry) {
  const std::string name = archive_entry_pathname(entry) ? archive_entry_pathname(entry) : "";
  return name.starts_with("./") ? name.substr(2) : name;
}

}  // namespace

std::string archive_fault(archive* of) {
  const char* words = archive_error_string(of);
  const int number = archive_errno(of);
  const std::string text = words ? words : "", reason = number > 0 ? std::strerror(number) : "";
  if (text.empty() || reason.empty() || text.find(reason) != std::string::npos) return text.empty() ? reason : text;
  return text + ": " + reason;
}

ArchiveSource::ArchiveSource(std::string file) : file_(std::move(file)) {
  const std::string index = small("index.json");
  if (index.empty()) {
    throw Error(
        file_ +
        " is no OCI image layout: it has no index.json; make one with clusterctl images save, or with docker save "
        "of Docker 25 or later");
  }
  try {
    images_ = read_index(index);
  } catch (const Error& e) {
    throw Error(file_ + ": " + e.what());
  }
}

bool ArchiveSource::read(const std::string& path, const ByteSink& sink) const {
  const Reading in = open(file_);
  archive_entry* entry = nullptr;
  int got = ARCHIVE_OK;
  while ((got = archive_read_next_header(in.get(), &entry)) == ARCHIVE_OK) {
    if (name_of(entry) != path) continue;
    std::array<char, 64 << 10> buffer;
    for (;;) {
      const la_ssize_t count = archive_read_data(in.get(), buffer.data(), buffer.size());
      if (count < 0) throw Error(fmt::format("{} breaks off in {}: {}", file_, path, archive_fault(in.get())));
      if (count == 0) return true;
      sink({buffer.data(), static_cast<std::size_t>(count)});
    }
  }
  if (got != ARCHIVE_EOF) throw Error(fmt::format("{} is damaged: {}", file_, archive_fault(in.get())));
  return false;
}

std::string ArchiveSource::small(const std::string& path) const {
  std::string out;
  const ByteSink take = [&](std::string_view bytes) {
    if (out.size() + bytes.size() > most_json) throw Error(fmt::format("{} in {} is too long", path, file_));
    out.append(bytes);
  };
  read(path, take);
  return out;
}

ImageManifest ArchiveSource::manifest(const ImageName& image, const std::string& wanted) {
  std::string digest = wanted;
  for (const ArchivedImage& one : images_)
    if (one.name.text() == image.text() && !is_digest(wanted)) digest = one.digest;
  std::string bytes = small(blob_path(digest));
  if (bytes.empty()) throw Error(fmt::format("{} has no manifest {} of {}", file_, digest, image.text()));
  ImageManifest out = read_manifest(std::move(bytes), "");
  if (out.digest != digest)
    throw Error(fmt::format("the manifest {} of {} is damaged in {}", digest, image.text(), file_));
  return out;
}

void ArchiveSource::fetch(const ImageName& image, const Blob& blob, const ByteSink& sink) {
  Sha256 sum;
  const ByteSink checked = [&](std::string_view bytes) {
    sum.add(bytes);
    sink(bytes);
  };
  const std::string what = fmt::format("the blob {} of {}", blob.digest, image.text());
  if (!read(blob_path(blob.digest), checked)) throw Error(fmt::format("{} is not in {}", what, file_));
  if (sum.digest() != blob.digest) throw Error(fmt::format("{} is damaged in {}; make the archive again", what, file_));
}

}  // namespace cctl
