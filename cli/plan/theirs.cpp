#include "plan/theirs.hpp"

#include "model/base64.hpp"
#include "model/error.hpp"
#include "plan/merge.hpp"
#include "plan/spec_json.hpp"

namespace cctl {

bool others_changed(const ManifestFile& ours, const std::string& now) {
  const std::string digest = sha256_hex(now);
  return digest != ours.digest && digest != ours.before;
}

std::optional<std::string> theirs(const ManifestFile& ours, const std::string& now) {
  std::optional<std::string> first;
  if (ours.replaced) first = from_base64(*ours.replaced).value_or("");
  if (!others_changed(ours, now)) return first;
  try {
    std::string left = unmerged(ours.merge, now, ours.part, first.value_or(""));
    if (!first && left == unmerged(ours.merge, ours.part, ours.part, "")) return std::nullopt;
    return left;
  } catch (const Error&) {
    return now;
  }
}

}  // namespace cctl
