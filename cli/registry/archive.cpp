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
// Of the JSON that is kept in memory, manifests and configurations; an image has some 10 kB of it.
constexpr std::size_t most_document_bytes = 64 << 20, most_parts = 100'000;

using Reading = std::unique_ptr<archive, decltype(&archive_read_free)>;

Reading open(const std::string& file) {
  Reading out(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(out.get());
  // Only what is read without help: what libarchive was not built with, it would start a program for.
  if (archive_zlib_version()) archive_read_support_filter_gzip(out.get());
  if (archive_liblzma_version()) archive_read_support_filter_xz(out.get());
  if (archive_libzstd_version()) archive_read_support_filter_zstd(out.get());
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

// An image's part is a plain file with its bytes in the archive: no link to another, no holes that grow when they are
// read.
void ArchiveSource::check_part(archive_entry* entry, const std::string& path, long long most) const {
  const bool link = archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry);
  if (link || archive_entry_sparse_count(entry) > 0) throw Error(fmt::format("{} in {} is no plain file", path, file_));
  if (!archive_entry_size_is_set(entry) || archive_entry_size(entry) < 0 || archive_entry_size(entry) > most)
    throw Error(fmt::format("{} in {} is too long", path, file_));
}

bool ArchiveSource::read(const std::string& path, long long most, const ByteSink& sink) const {
  const Reading in = open(file_);
  archive_entry* entry = nullptr;
  int got = ARCHIVE_OK;
  while ((got = archive_read_next_header(in.get(), &entry)) == ARCHIVE_OK) {
    if (name_of(entry) != path) continue;
    check_part(entry, path, most);
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
  read(path, most_manifest_bytes, [&](std::string_view bytes) { out.append(bytes); });
  return out;
}

void ArchiveSource::list() {
  const std::lock_guard lock(listing_);
  if (!list_fault_.empty()) throw Error(list_fault_);
  if (listed_) return;
  try {
    list_parts();
    listed_ = true;
  } catch (const Error& e) {
    list_fault_ = e.what();
    throw;
  }
}

void ArchiveSource::list_parts() {
  const Reading in = open(file_);
  archive_entry* entry = nullptr;
  int got = ARCHIVE_OK;
  std::size_t kept = 0;
  while ((got = archive_read_next_header(in.get(), &entry)) == ARCHIVE_OK) {
    const std::string name = name_of(entry);
    if (!name.starts_with("blobs/")) continue;
    if (!parts_.insert(name).second) continue;  // the first counts, as for who reads it
    if (parts_.size() > most_parts) throw Error(fmt::format("{} holds more than {} blobs", file_, most_parts));
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) ||
        archive_entry_sparse_count(entry) > 0 ||
        archive_entry_size(entry) > static_cast<la_int64_t>(most_manifest_bytes))
      continue;
    std::string text;
    std::array<char, 64 << 10> buffer;
    la_ssize_t count = 0;
    while ((count = archive_read_data(in.get(), buffer.data(), buffer.size())) > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
      if (text.front() != '{') break;  // a layer
    }
    if (count < 0) throw Error(fmt::format("{} breaks off in {}: {}", file_, name, archive_fault(in.get())));
    if (text.empty() || text.front() != '{') continue;
    kept += text.size();
    if (kept > most_document_bytes)
      throw Error(fmt::format("the manifests in {} are longer than {} MB together", file_, most_document_bytes >> 20));
    documents_[name] = std::move(text);
  }
  if (got != ARCHIVE_EOF) throw Error(fmt::format("{} is damaged: {}", file_, archive_fault(in.get())));
}

ImageManifest ArchiveSource::manifest(const ImageName& image, const std::string& wanted) {
  std::string digest = wanted;
  for (const ArchivedImage& one : images_)
    if (one.name.text() == image.text() && !is_digest(wanted)) digest = one.digest;
  list();
  const auto found = documents_.find(blob_path(digest));
  std::string bytes = found != documents_.end() ? found->second : "";
  if (bytes.empty() && parts_.count(blob_path(digest))) bytes = small(blob_path(digest));
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
  if (!read(blob_path(blob.digest), blob.size, checked)) throw Error(fmt::format("{} is not in {}", what, file_));
  if (sum.digest() != blob.digest) throw Error(fmt::format("{} is damaged in {}; make the archive again", what, file_));
}

}  // namespace cctl
