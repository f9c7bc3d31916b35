#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.hpp"
#include "model/error.hpp"
#include "registry/archive.hpp"
#include "registry/auth.hpp"
#include "registry/layout.hpp"
#include "registry/manifest.hpp"
#include "registry/origin.hpp"

using namespace cctl;

FUZZ(registry_manifest) {
  const ImageManifest read = read_manifest(text, "application/vnd.oci.image.index.v1+json");
  if (read.is_list()) choose_entry(read);
}

FUZZ(registry_answers) {
  switch (fuzz::choice(text, 5)) {
    case 0:
      token_in(text);
      break;
    case 1:
      parse_challenges(text);
      break;
    case 2:
      login_in(text, "reg.local:5000");
      break;
    case 3:
      read_index(text);
      break;
    default:
      origin_of(resolved("https://reg.example/v2/x/blobs/uploads/", text));
      is_loopback(text);
  }
}

FUZZ(archive) {
  static const int file = ::memfd_create("archive", 0);
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return;
  ArchiveSource source(path);
  for (const ArchivedImage& one : source.images()) {
    try {
      for (const Blob& blob : read_tree(source, one.name, true).blobs())
        source.fetch(one.name, blob, [](std::string_view) {});
    } catch (const Error&) {
    }
  }
}
