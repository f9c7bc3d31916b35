#include "model/storage_options.hpp"

#include <map>
#include <set>

#include "model/var_kind.hpp"

namespace cctl {

std::string why_no_storage_option(const std::string& driver, const std::string& option) {
  if (const std::string why = why_not_of_kind("pair", option); !why.empty()) return why;
  // These drivers refuse each other's.
  static const std::map<std::string, std::string> starts = {
      {"btrfs", "btrfs."}, {"devicemapper", "dm."}, {"overlay2", "overlay2."}, {"zfs", "zfs."}};
  static const std::set<std::string> sizes = {"btrfs.min_space", "dm.basesize", "dm.loopdatasize",
                                              "dm.loopmetadatasize", "overlay2.size"};
  const auto equals = option.find('=');
  const auto own = starts.find(driver);
  if (own != starts.end() && !option.starts_with(own->second))
    return "an option of " + driver + ", as its storage-driver is: " + own->second + "NAME=VALUE";
  const std::string why = why_not_of_kind("size", option.substr(equals + 1));
  return sizes.contains(option.substr(0, equals)) && !why.empty() ? "a size, " + why : "";
}

}  // namespace cctl
