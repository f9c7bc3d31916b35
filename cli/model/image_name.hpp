// The parts of an image's reference, as Docker reads them.
#pragma once
#include <string>

namespace cctl {

struct ImageName {
  std::string host;        // "registry.local:5000"; empty: none was said, which means Docker Hub
  std::string repository;  // "mesosphere/mesos", without "library/"
  std::string tag;         // "latest" when neither tag nor digest was said
  std::string digest;      // "sha256:..." or empty

  // Throws Error (exit 2) on what is no reference: its parts end up in URLs.
  static ImageName parse(const std::string& reference);

  std::string text() const;
  std::string bare() const;  // without the host
  // What a registry is asked for: the digest, where there is one.
  const std::string& wanted() const { return digest.empty() ? tag : digest; }
};

bool is_digest(const std::string& text);     // sha256: and 64 hex digits
bool has_tag(const std::string& reference);  // or a digest

}  // namespace cctl
