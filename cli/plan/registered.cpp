#include "plan/registered.hpp"

#include <nlohmann/json.hpp>

#include "model/data_path.hpp"

namespace cctl {
namespace {

class ServiceRows {
 public:
  ServiceRows(const Sources& sources, const Placement& placement, const ScopeOf& scopes, const TellBad& tell)
      : sources_(sources), placement_(placement), scopes_(scopes), tell_(tell) {}

  std::map<std::string, SharedRows> run() {
    for (const auto& name : placement_.order) {
      const Playbook& p = sources_.playbooks.at(name);
      for (const Host* host : placement_.hosts.at(name))
        for (const auto& service : p.registers) add(p, service, host->name);
    }
    std::map<std::string, SharedRows> out;
    for (auto& [host, rows] : rows_) out[host] = {std::make_shared<const Rows>(std::move(rows))};
    return out;
  }

 private:
  void add(const Playbook& p, const Registration& service, const std::string& host) {
    const auto [owner, fresh] = owners_.emplace(std::pair(host, service.name), p.component);
    if (fresh)
      rows_[host].push_back(row_of(p, service, *scopes_.at({p.component, host})));
    else
      tell_(p, BadTemplate("the service \"" + service.name + "\" is already that of " + owner->second, "", 0),
            service.mark);
  }

  std::string text(const Playbook& p, const std::string& from, const Scope& scope, const Mark& near) const {
    try {
      return render(from, scope);
    } catch (const BadTemplate& e) {
      tell_(p, e, near);
      return "";
    }
  }

  std::string path_of(const Playbook& p, const Registration& service, const Scope& scope) const {
    std::string path = text(p, service.path, scope, service.mark);
    if (const auto why = path.empty() || path == "/" ? "" : why_no_path(path); !why.empty())
      tell_(p, BadTemplate("bad path \"" + path + "\": " + why, service.path, 0), service.mark);
    return path;
  }

  Scope row_of(const Playbook& p, const Registration& service, const Scope& scope) const {
    const auto port = [&](const std::string& name) { return render("<% ports." + name + " %>", scope); };
    nlohmann::json tags = nlohmann::json::array();
    for (const auto& tag : service.tags) tags.push_back(text(p, tag, scope, service.mark));
    const bool tcp = service.check == "tcp";
    std::string at = render("<% ip %>", scope) + ":" + port(service.check_port);
    if (!tcp) at = service.check + "://" + at + path_of(p, service, scope);
    Scope row;
    row.names = {{"name", service.name},
                 {"component", p.component},
                 {"port", port(service.port)},
                 {"tags", tags.empty() ? "" : tags.dump()},
                 {"check.kind", tcp ? "tcp" : "http"},
                 {"check.at", at},
                 {"check.unverified", service.check == "https"},
                 {"check.interval", service.interval},
                 {"check.timeout", service.timeout}};
    return row;
  }

  const Sources& sources_;
  const Placement& placement_;
  const ScopeOf& scopes_;
  const TellBad& tell_;
  std::map<std::pair<std::string, std::string>, std::string> owners_;  // host and service -> component
  std::map<std::string, Rows> rows_;
};

}  // namespace

std::map<std::string, SharedRows> registered_rows(const Sources& sources, const Placement& placement,
                                                  const ScopeOf& scopes, const TellBad& tell) {
  return ServiceRows(sources, placement, scopes, tell).run();
}

}  // namespace cctl
