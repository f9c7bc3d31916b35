#include "model/image_name.hpp"

#include <algorithm>

#include "model/error.hpp"

namespace cctl {
namespace {

constexpr const char* lower = "abcdefghijklmnopqrstuvwxyz0123456789";

bool only(const std::string& text, const std::string& more) {
  return !text.empty() && text.find_first_not_of(lower + more) == std::string::npos;
}

bool is_host(const std::string& part) {
  return part.find_first_of(".:") != std::string::npos || part == "localhost";
}

// Lower-case parts between slashes, none of which begins with a dot or a dash.
bool is_path(const std::string& path) {
  if (!only(path, "._-/")) return false;
  for (std::size_t begin = 0;; ++begin) {
    const std::size_t end = path.find('/', begin);
    if (begin >= path.size() || !std::isalnum(static_cast<unsigned char>(path[begin]))) return false;
    if (end == std::string::npos) return true;
    begin = end;
  }
}

bool is_tag(const std::string& tag) {
  return only(tag, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_.-") && tag.size() <= 128 && tag[0] != '.' && tag[0] != '-';
}

}  // namespace

bool is_digest(const std::string& text) {
  return text.size() == 71 && text.starts_with("sha256:") &&
         text.find_first_not_of("0123456789abcdef", 7) == std::string::npos;
}

bool has_tag(const std::string& reference) {
  return reference.find(':', reference.rfind('/') + 1) != std::string::npos;
}

ImageName ImageName::parse(const std::string& reference) {
  ImageName out;
  std::string rest = reference;
  bool good = true;
  if (const auto at = rest.find('@'); at != std::string::npos) {
    out.digest = rest.substr(at + 1);
    rest.resize(at);
    good = is_digest(out.digest);
  }
  if (const auto slash = rest.find('/'); slash != std::string::npos && is_host(rest.substr(0, slash))) {
    out.host = rest.substr(0, slash);
    rest.erase(0, slash + 1);
    good = good && only(out.host, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.:-[]");
  }
  if (const auto colon = rest.rfind(':'); colon != std::string::npos) {
    out.tag = rest.substr(colon + 1);
    rest.resize(colon);
    good = good && is_tag(out.tag);
  } else if (out.digest.empty()) {
    out.tag = "latest";
  }
  out.repository = rest;
  if (!good || !is_path(rest))
    throw Error("\"" + reference + "\" is no image: [host[:port]/]path[:tag][@sha256:digest]", 2);
  if (out.host == "docker.io" || out.host == "index.docker.io") out.host.clear();
  if (out.host.empty() && out.repository.starts_with("library/")) out.repository.erase(0, 8);
  return out;
}

std::string ImageName::bare() const {
  return repository + (tag.empty() ? "" : ":" + tag) + (digest.empty() ? "" : "@" + digest);
}

std::string ImageName::text() const {
  return (host.empty() ? "" : host + "/") + bare();
}

}  // namespace cctl
