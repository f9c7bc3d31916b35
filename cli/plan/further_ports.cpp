#include "plan/further_ports.hpp"

#include "model/kept_words.hpp"
#include "model/kind_words.hpp"
#include "model/outside_json.hpp"
#include "plan/given.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

struct At {
  std::string address;  // none: all of the host
  long long port = 0;
};

// 5050, "5050", "0.0.0.0:5050", "tcp://10.0.0.1:2376"
At place_of(const nlohmann::json& value) {
  if (value.is_number_integer()) return {"", value.get<long long>()};
  std::string text = value.is_string() ? value.get<std::string>() : "";
  if (const auto scheme = text.find("://"); scheme != text.npos) {
    if (!text.starts_with("tcp://")) return {};
    text = text.substr(scheme + 3);
  }
  const auto colon = text.rfind(':');
  const std::string port = colon == text.npos ? text : text.substr(colon + 1);
  return {colon == text.npos ? "" : text.substr(0, colon), kind::whole(port).value_or(0)};
}

class Ports {
 public:
  Ports(const Sources& sources, const Playbook& playbook, const Instance& i,
        const std::vector<const ComponentOverrides*>& overrides)
      : sources_(sources), playbook_(playbook), i_(i), overrides_(overrides) {}

  std::vector<FurtherPort> run() {
    for (const auto& [name, address] : playbook_.var_kinds) {
      if (!name.starts_with(listens_word)) continue;
      const std::string path = name.substr(listens_word.size());
      const auto said = value_at(path);
      if (!said) continue;
      const auto at = address.empty() ? std::nullopt : value_at(address);
      const std::string where = at && at->value.is_string() ? at->value.get<std::string>() : "";
      if (said->value.is_array())
        for (const auto& one : said->value) add(path, place_of(one), where, said->mark);
      else
        add(path, place_of(said->value), where, said->mark);
    }
    return std::move(out_);
  }

 private:
  std::optional<GivenPart> value_at(const std::string& path) const {
    const std::string flag = "flags.", input = "input.";
    if (path.starts_with(flag)) {
      const Given given = given_of(playbook_, i_, overrides_, path.substr(flag.size()));
      if (given.mark.line == 0) return {};
      return GivenPart{given.value, given.mark};
    }
    if (!path.starts_with(input)) return given_part(overrides_, path);
    const auto found = sources_.inventory.inputs.find(playbook_.input);
    if (found == sources_.inventory.inputs.end()) return {};
    auto value = part_of(parse_outside(found->second).value, path.substr(input.size()));
    if (value.is_null()) return {};
    return GivenPart{std::move(value), where_key(sources_.inventory, playbook_.input)};
  }

  void add(const std::string& path, const At& at, const std::string& where, const Mark& mark) {
    const std::string address = at.address.empty() ? where : at.address;
    const bool shared = address.empty() || address == "0.0.0.0" || address == "[::]" || address == i_.ip;
    if (shared && at.port > 0 && at.port < 65536) out_.push_back({path, static_cast<int>(at.port), mark});
  }

  const Sources& sources_;
  const Playbook& playbook_;
  const Instance& i_;
  const std::vector<const ComponentOverrides*>& overrides_;
  std::vector<FurtherPort> out_;
};

}  // namespace

std::vector<FurtherPort> further_ports(const Sources& sources, const Playbook& playbook, const Instance& i,
                                       const std::vector<const ComponentOverrides*>& overrides) {
  return Ports(sources, playbook, i, overrides).run();
}

}  // namespace cctl
