#include "registry/archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "model/error.hpp"
#include "registry/sha256.hpp"

namespace cctl {
namespace {

// Of the JSON that is kept in memory, manifests and configurations; an image has some 10 kB of it.
constexpr std::size_t most_document_bytes = 64 << 20, most_parts = 100'000;

constexpr const char* index_name = "index.json";

using Buffer = std::array<char, 64 << 10>;

bool is_blob(const std::string& name) {
  constexpr std::string_view under = "blobs/sha256/";
  return name.starts_with(under) && is_digest("sha256:" + name.substr(under.size()));
}

// What begins with a brace, as all JSON does that images have; of a layer the first bytes alone are read.
std::string json_in(ArchiveReader& in) {
  std::string text;
  Buffer buffer;
  while (const std::size_t count = in.read(buffer.data(), buffer.size())) {
    text.append(buffer.data(), count);
    if (text.front() != '{') return "";
  }
  return text;
}

}  // namespace

ArchiveSource::ArchiveSource(std::string file) : file_(std::move(file)) {
  list();
}

void ArchiveSource::list() {
  ArchiveReader in(file_);
  compressed_ = in.compressed();
  std::optional<std::string> index;
  while (in.next()) {
    const std::string name = in.name();
    if (name == index_name && !index) {
      check_part(name, {in.place(), in.plain(), in.size()}, most_manifest_bytes);
      index.emplace();
      Buffer buffer;
      while (const std::size_t count = in.read(buffer.data(), buffer.size())) index->append(buffer.data(), count);
      try {
        if (!index->empty()) images_ = read_index(*index);
      } catch (const Error& e) {
        throw Error(file_ + ": " + e.what());
      }
    } else if (is_blob(name)) {
      list_part(in, name);
    }
  }
  if (index.value_or("").empty())
    throw Error(
        file_ +
        " is no OCI image layout: it has no index.json; make one with clusterctl images save, or with docker save "
        "of Docker 25 or later");
}

void ArchiveSource::list_part(ArchiveReader& in, const std::string& name) {
  const Part part{in.place(), in.plain(), in.size()};
  if (!parts_.emplace(name, part).second) return;  // the first counts
  if (parts_.size() > most_parts) throw Error(fmt::format("{} holds more than {} blobs", file_, most_parts));
  if (!part.plain || part.size < 0 || part.size > static_cast<long long>(most_manifest_bytes)) return;
  std::string text = json_in(in);
  if (text.empty()) return;
  document_bytes_ += text.size();
  if (document_bytes_ > most_document_bytes)
    throw Error(fmt::format("the manifests in {} are longer than {} MB together", file_, most_document_bytes >> 20));
  documents_[name] = std::move(text);
}

void ArchiveSource::check_part(const std::string& path, const Part& part, long long most) const {
  if (!part.plain) throw Error(fmt::format("{} in {} is no plain file", path, file_));
  if (part.size < 0 || part.size > most) throw Error(fmt::format("{} in {} is too long", path, file_));
}

std::unique_ptr<ArchiveReader> ArchiveSource::take_reader(std::size_t place) {
  {
    const std::lock_guard lock(mutex_);
    auto nearest = idle_.end();
    for (auto at = idle_.begin(); at != idle_.end(); ++at)
      if ((*at)->is_to_come(place) && (nearest == idle_.end() || (*nearest)->place() < (*at)->place())) nearest = at;
    std::unique_ptr<ArchiveReader> out;
    if (nearest != idle_.end()) out = std::move(*nearest);
    // One that is too far on is of no use to those who ask in order.
    if (nearest == idle_.end() && !idle_.empty()) nearest = idle_.begin();
    if (nearest != idle_.end()) idle_.erase(nearest);
    if (out) return out;
  }
  return std::make_unique<ArchiveReader>(file_);
}

void ArchiveSource::give_back(std::unique_ptr<ArchiveReader> reader) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(reader));
}

void ArchiveSource::read(const std::string& path, const Part& part, long long most, const ByteSink& sink) {
  check_part(path, part, most);
  std::unique_ptr<ArchiveReader> in = take_reader(part.place);
  do {
    if (!in->next()) throw Error(file_ + " has changed while it was read");
  } while (in->place() != part.place);
  if (in->name() != path || in->size() != part.size) throw Error(file_ + " has changed while it was read");
  Buffer buffer;
  while (const std::size_t count = in->read(buffer.data(), buffer.size())) sink({buffer.data(), count});
  give_back(std::move(in));
}

std::size_t ArchiveSource::place(const Blob& blob) const {
  const auto found = parts_.find(blob_path(blob.digest));
  return found == parts_.end() ? 0 : found->second.place;
}

ImageManifest ArchiveSource::manifest(const ImageName& image, const std::string& wanted) {
  std::string digest = wanted;
  for (const ArchivedImage& one : images_)
    if (one.name.text() == image.text() && !is_digest(wanted)) digest = one.digest;
  const std::string path = blob_path(digest);
  const auto part = parts_.find(path);
  const auto document = documents_.find(path);
  std::string bytes = document != documents_.end() ? document->second : "";
  if (bytes.empty() && part != parts_.end()) {
    check_part(path, part->second, most_manifest_bytes);
    throw Error(fmt::format("{} in {} is no manifest of an image", path, file_));
  }
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
  const auto found = parts_.find(blob_path(blob.digest));
  if (found == parts_.end()) throw Error(fmt::format("{} is not in {}", what, file_));
  read(found->first, found->second, blob.size, checked);
  if (sum.digest() != blob.digest) throw Error(fmt::format("{} is damaged in {}; make the archive again", what, file_));
}

}  // namespace cctl
