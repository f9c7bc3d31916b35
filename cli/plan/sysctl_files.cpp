#include "plan/sysctl_files.hpp"

#include "model/sysctl.hpp"

namespace cctl {

std::vector<FileSpec> sysctl_files(const std::map<std::string, std::string>& settings, const std::string& cluster,
                                   const std::string& component) {
  std::vector<FileSpec> out;
  FileSpec boot;
  for (const auto& [name, value] : settings) {
    FileSpec now;
    now.path = sysctl_path(name);
    now.content = value + "\n";
    now.in_place = true;
    now.on_change = OnChange::none;
    boot.content += name + " = " + now.content;
    out.push_back(std::move(now));
  }
  if (out.empty()) return out;
  boot.path = "/etc/sysctl.d/60-clusterctl-" + cluster + "-" + component + ".conf";
  boot.on_change = OnChange::none;
  out.push_back(std::move(boot));
  return out;
}

}  // namespace cctl
