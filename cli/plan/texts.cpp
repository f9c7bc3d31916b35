#include "plan/texts.hpp"

#include "model/data_path.hpp"
#include "model/mount.hpp"

namespace cctl {

std::string Texts::text(const std::string& t) const {
  try {
    return render(t, scope_);
  } catch (const BadTemplate& e) {
    bad_.push_back(e);
    return "";
  }
}

std::string Texts::path(const std::string& t) const {
  std::string out = text(t);
  if (const auto why = out.empty() ? "" : why_no_path(out); !why.empty())
    bad_.emplace_back("bad path \"" + out + "\": " + why, t, 0);
  return out;
}

std::vector<std::string> Texts::all(const std::vector<std::string>& list) const {
  std::vector<std::string> out;
  for (const auto& t : list)
    if (auto one = text(t); !one.empty()) out.push_back(std::move(one));
  return out;
}

std::vector<std::string> Texts::mounts(const std::vector<std::string>& list) const {
  std::vector<std::string> out;
  for (const auto& t : list) {
    auto mount = text(t);
    if (mount.empty()) continue;
    if (const auto why = why_no_mount(mount); !why.empty())
      bad_.emplace_back("bad mount \"" + mount + "\": " + why, t, 0);
    out.push_back(std::move(mount));
  }
  return out;
}

}  // namespace cctl
