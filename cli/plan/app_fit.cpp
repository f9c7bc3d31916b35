#include "plan/app_fit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <vector>

#include "model/outside_json.hpp"
#include "plan/app_host_ports.hpp"
#include "plan/json_at.hpp"

namespace cctl {
namespace {

using nlohmann::json;

const std::vector<std::string> kinds = {"cpus", "mem", "disk"};

struct Slave {
  std::string hostname;
  std::map<std::string, double> has, left;
  std::optional<std::vector<Opening>> ports, used_ports;  // nothing: not told
  json attributes;
};

std::vector<Slave> slaves_of(const std::string& answer) {
  std::vector<Slave> out;
  for (const auto& slave : list_at(parse_outside(answer).value, "/slaves")) {
    if (!json_at(slave, "/resources").is_object() || json_at(slave, "/active") == false) continue;
    Slave one;
    one.hostname = text_at(slave, "/hostname");
    const bool told = json_at(slave, "/used_resources").is_object();
    for (const auto& kind : kinds) {
      one.has[kind] = number_at(slave, "/resources/" + kind);
      one.left[kind] = one.has[kind] - (told ? number_at(slave, "/used_resources/" + kind) : 0);
    }
    one.ports = offered_ports(slave, "/resources/ports");
    one.used_ports = offered_ports(slave, "/used_resources/ports");
    one.attributes = json_at(slave, "/attributes");
    out.push_back(std::move(one));
  }
  return out;
}

// What a slave is in the field of a constraint.
std::string value_of(const Slave& slave, const std::string& field) {
  if (field == "hostname") return slave.hostname;
  const json value = slave.attributes.is_object() ? slave.attributes.value(field, json()) : json();
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

// Leaves those that the constraints with a value allow; what is wanted when that is none.
std::string keep_allowed(const json& app, std::vector<Slave>& able) {
  for (const auto& c : list_at(app, "/constraints")) {
    const std::string field = text_at(c, "/0"), how = text_at(c, "/1"), wanted = text_at(c, "/2");
    if ((how != "CLUSTER" && how != "IS") || wanted.empty()) continue;
    std::set<std::string> known;
    for (const auto& slave : able)
      if (const auto value = value_of(slave, field); !value.empty()) known.insert(value);
    std::erase_if(able, [&](const Slave& slave) { return value_of(slave, field) != wanted; });
    if (!able.empty()) continue;
    std::string words;
    for (const auto& value : known) words += (words.empty() ? "" : ", ") + value;
    return field == "hostname"
               ? "its constraint wants the slave " + wanted + ", which is not registered; known: " + words
               : "its constraint wants a slave with " + field + " " + wanted + ", and none has it; " +
                     (words.empty() ? "no slave has an attribute " + field : "known: " + words) +
                     "; see attributes of mesos-slave";
  }
  return "";
}

std::string on_slaves(std::size_t n) {
  return n == 1 ? "and there is 1" : "and there are " + std::to_string(n);
}

// Leaves those that offer every port that it wants by number; what is wanted when that is none.
std::string keep_with_ports(const json& app, std::vector<Slave>& able) {
  for (const int port : fixed_host_ports(app)) {
    const Slave first = able.front();
    std::erase_if(able, [&](const Slave& slave) { return slave.ports && !among_ports(*slave.ports, port); });
    if (!able.empty()) continue;
    return "it wants port " + std::to_string(port) + " of its slave, and none offers that (" + first.hostname +
           " offers " + ports_in_words(*first.ports) +
           "); take one that is offered, 0 for any, or add it to the ports of " + "resources of mesos-slave";
  }
  return "";
}

// Leaves those on which every port that it wants by number is free; which is taken everywhere when that is none.
std::string keep_with_free_ports(const json& app, std::vector<Slave>& able) {
  for (const int port : fixed_host_ports(app)) {
    std::erase_if(able, [&](const Slave& slave) { return slave.used_ports && among_ports(*slave.used_ports, port); });
    if (able.empty())
      return "one more instance wants port " + std::to_string(port) + " of its slave, which is taken on every slave";
  }
  return "";
}

// Each instance on a slave of its own needs as many slaves.
std::string too_many_apart(const json& app, std::size_t slaves) {
  const int instances = count_at(app, "/instances");
  const std::set<int> ports = fixed_host_ports(app);
  if (!ports.empty() && instances > static_cast<int>(slaves))
    return "each of its " + std::to_string(instances) + " instances wants port " + std::to_string(*ports.begin()) +
           " of its slave, so each wants a slave of its own, " + on_slaves(slaves) + " that can run it";
  for (const auto& c : list_at(app, "/constraints"))
    if (text_at(c, "/0") == "hostname" && text_at(c, "/1") == "UNIQUE" && instances > static_cast<int>(slaves))
      return "each of its " + std::to_string(instances) + " instances wants a slave of its own (hostname UNIQUE), " +
             on_slaves(slaves) + " that can run it";
  return "";
}

std::string counted_slaves(std::size_t n) {
  return n == 1 ? "the only slave" : "none of " + std::to_string(n) + " slaves";
}

// What no slave has enough of for one instance; without a kind: of each some slave has enough, but none of all at once.
struct Lack {
  std::string kind, wanted;
  double asked = 0, most = 0;
};

// None: a slave has room, by what it has in all or has left.
std::optional<Lack> lacking(const json& app, const std::vector<Slave>& able,
                            std::map<std::string, double> Slave::*amounts) {
  const auto asked = [&](const std::string& kind) { return number_at(app, "/" + kind); };
  const auto fits = [&](const Slave& slave) {
    return std::all_of(kinds.begin(), kinds.end(),
                       [&](const auto& kind) { return asked(kind) <= (slave.*amounts).at(kind); });
  };
  if (std::any_of(able.begin(), able.end(), fits)) return std::nullopt;
  Lack out;
  for (const auto& kind : kinds) {
    if (asked(kind) <= 0) continue;
    out.wanted += (out.wanted.empty() ? "" : ", ") + amount(kind, asked(kind));
    double most = 0;
    for (const auto& slave : able) most = std::max(most, (slave.*amounts).at(kind));
    if (asked(kind) > most) return Lack{kind, out.wanted, asked(kind), most};
  }
  return out;
}

}  // namespace

std::string amount(const std::string& resource, double of) {
  char text[32];
  std::snprintf(text, sizeof text, of == std::floor(of) ? "%.0f" : "%g", of);
  if (resource == "mem") return std::string(text) + " MB of memory";
  if (resource == "disk") return std::string(text) + " MB of disk";
  return std::string(text) + " " + resource;
}

std::string more_of(const std::string& resource) {
  const std::string raise = "raise resources of mesos-slave or lower " + resource;
  if (resource == "mem") return "a slave offers what its machine has less 1 GB, whatever is cached: " + raise;
  if (resource == "disk") return "a slave offers its disk less 5 GB: " + raise;
  return raise;
}

bool lists_slaves(const std::string& answer) {
  const json all = parse_outside(answer).value;
  const json& list = value_in(all, "slaves");
  return list.is_array() && std::all_of(list.begin(), list.end(), [](const json& slave) {
           return json_at(slave, "/active") == false || json_at(slave, "/resources").is_object();
         });
}

std::string app_too_large(const std::string& definition, const std::string& slaves) {
  const json app = parse_outside(definition).value;
  std::vector<Slave> able = slaves_of(slaves);
  if (!app.is_object() || able.empty()) return "";
  if (const std::string unmet = keep_allowed(app, able); !unmet.empty()) return unmet;
  if (const std::string unmet = keep_with_ports(app, able); !unmet.empty()) return unmet;
  const auto lack = lacking(app, able, &Slave::has);
  if (!lack) return too_many_apart(app, able.size());
  const std::size_t all = able.size();
  if (lack->kind.empty()) return counted_slaves(all) + " has all of " + lack->wanted + " at once";
  return "it asks for " + amount(lack->kind, lack->asked) + " for each instance, and " +
         (all == 1 ? counted_slaves(1) + " has " : "the largest of " + std::to_string(all) + " slaves has ") +
         amount(lack->kind, lack->most) + "; " + more_of(lack->kind);
}

std::string app_without_room(const std::string& definition, const std::string& slaves) {
  const json app = parse_outside(definition).value;
  std::vector<Slave> able = slaves_of(slaves);
  if (!app.is_object() || able.empty() || !keep_allowed(app, able).empty()) return "";
  if (!keep_with_ports(app, able).empty()) return "";  // it is refused for that
  if (const std::string apart = too_many_apart(app, able.size()); !apart.empty()) return apart;
  if (const std::string taken = keep_with_free_ports(app, able); !taken.empty()) return taken;
  const auto lack = lacking(app, able, &Slave::left);
  if (!lack) return "";
  const std::string free_some = "; end or scale down others, add slaves, or ";
  if (lack->kind.empty())
    return "one more instance needs " + lack->wanted + " at once, and no slave has that left" + free_some +
           "ask for less";
  return "one more instance needs " + amount(lack->kind, lack->asked) + ", and no slave has more than " +
         amount(lack->kind, lack->most) + " left" + free_some + "lower " + lack->kind;
}

std::optional<HttpAddress> http_address(const std::string& url) {
  const std::string scheme = "http://";
  if (!url.starts_with(scheme)) return std::nullopt;
  const std::string place = url.substr(scheme.size(), url.find('/', scheme.size()) - scheme.size());
  const auto colon = place.rfind(':');
  HttpAddress out{place.substr(0, colon), 80};
  if (colon != std::string::npos) out.port = std::atoi(place.c_str() + colon + 1);
  if (out.address.empty() || out.port < 1 || out.port > 65535) return std::nullopt;
  return out;
}

}  // namespace cctl
