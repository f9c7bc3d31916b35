#include "plan/rendered.hpp"

#include <nlohmann/json.hpp>

#include "plan/spec_json.hpp"

namespace cctl {

std::map<std::string, std::string> rendered_tree(const Desired& desired) {
  std::map<std::string, std::string> out;
  for (const auto& i : desired.instances) {
    for (const auto& f : i.files) out[i.host + f.path] = f.content;
    if (const auto* app = i.app()) {
      const std::string name = i.component[0] == '/' ? i.component.substr(1) : i.component;
      out[i.host + "/" + name + ".app.json"] = nlohmann::json::parse(app->json).dump(2) + "\n";
    }
    const auto* container = i.container();
    if (!container) continue;
    out[i.host + "/" + i.component + ".container.json"] = nlohmann::json::parse(i.spec_json).dump(2) + "\n";
    out[i.host + "/" + i.component + ".run"] = docker_run_line(container->spec) + "\n";
  }
  return out;
}

}  // namespace cctl
