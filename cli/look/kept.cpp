// What clusterctl keeps on a host: its manifest, the lock and who holds it, how the host was prepared.
#include "look/fact.hpp"
#include "look/text.hpp"
#include "model/manifest_json.hpp"
#include "model/prepared_json.hpp"

namespace cctl {
namespace {

bool read_manifest(const Answered& told, Looked& out) {
  out.host.manifest = manifest_from_json(bytes_of(told.lines));
  if (told.lines == TextLines{"-"}) out.host.manifest.damaged = true;
  return true;
}

bool read_holder(const Answered& told, Looked& out) {
  out.host.holder = line_at(told.lines, 0);
  return true;
}

bool read_prepared(const Answered& told, Looked& out) {
  PreparedList list = prepared_from_json(bytes_of(told.lines));
  out.host.prepared = std::move(list.done);
  out.host.prepared_damaged = list.damaged || told.lines == TextLines{"-"};
  return true;
}

}  // namespace

namespace fact {

// One that is cut, or that is no file, is told as damaged; one that may be there, in a directory that we may not
// search, is not missing.
const Fact manifest = {"manifest", R"sh(if [ -f "$1" ] && [ -r "$1" ]; then head -c 16777216 "$1" | base64
elif [ -e "$1" ] || { [ -d "$2" ] && ! [ -x "$2" ]; }; then echo -; fi
)sh",
                       read_manifest, [](const LookRequest& request) -> TextLines {
                         return {manifest_path(request.cluster), manifest_directory(request.cluster)};
                       }};
// Asked of the kernel: trying the lock would be in the way of a run that begins.
const Fact holder = {
    "holder",
    R"sh(if i=$(stat -c %i "$1/lock") && grep -q "FLOCK .*:$i " /proc/locks && [ -f "$1/holder" ]; then head -c 400 "$1/holder" | head -n 1; fi
)sh",
    read_holder, [](const LookRequest& request) -> TextLines { return {manifest_directory(request.cluster)}; }};
const Fact prepared = {
    "prepared",
    R"sh(if [ -f "$1" ] && [ -r "$1" ]; then head -c 16777216 "$1" | base64; elif [ -e "$1" ]; then echo -; fi
)sh",
    read_prepared, [](const LookRequest& request) -> TextLines { return {prepared_path(request.cluster)}; }};

}  // namespace fact
}  // namespace cctl
