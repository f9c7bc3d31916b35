#include "plan/rendered.hpp"

#include <nlohmann/json.hpp>

#include "plan/spec_json.hpp"

namespace cctl {

std::map<std::string, std::string> rendered_tree(const Desired& desired) {
  std::map<std::string, std::string> out;
  for (const auto& i : desired.instances) {
    for (const auto& f : i.files) out[i.host + f.path] = f.content;
    if (i.app.used()) {
      const std::string name = i.component[0] == '/' ? i.component.substr(1) : i.component;
      out[i.host + "/" + name + ".app.json"] = nlohmann::json::parse(i.app.json).dump(2) + "\n";
    }
    if (!i.has_container()) continue;
    out[i.host + "/" + i.component + ".container.json"] = nlohmann::json::parse(i.spec_json).dump(2) + "\n";
    out[i.host + "/" + i.component + ".run"] = docker_run_line(i.container) + "\n";
  }
  return out;
}

}  // namespace cctl
