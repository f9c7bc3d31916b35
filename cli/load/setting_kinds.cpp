#include "load/setting_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "load/tree_of_json.hpp"
#include "model/var_kind.hpp"

namespace cctl {
namespace {

using Tell = std::function<void(const Tree& item, const std::string& text)>;

struct Walk {
  const SettingKinds& settings;
  std::string where, owner;  // "config", "consul 1.8.7"
  bool secret;
  Tell wrong, odd;

  void below(const Tree& map, const std::string& above) const {
    for (const Tree& item : map.items) {
      const std::string name = above + item.key;
      const auto kind = settings.kinds.find(name);
      if (kind != settings.kinds.end())
        value(item, name, kind->second);
      else
        unknown(item, above);
    }
  }

  // null leaves it to the program.
  void value(const Tree& item, const std::string& name, const std::string& kind) const {
    const std::string is = kind_of(item);
    if (is == "null" || kind == "any") return;
    static const std::vector<std::string> shapes = {"boolean", "number", "text", "list", "map"};
    const bool shape_alone = std::count(shapes.begin(), shapes.end(), kind) > 0;
    const std::string shape = shape_alone ? kind : "text";
    // A list of one map is that map to it.
    if (is != shape && !(shape == "map" && is == "list"))
      return wrong(item, fmt::format("{} in {} of {} is a {}, not a {}", quote(name), where, owner, shape, is));
    if (const std::string why = shape_alone ? "" : why_not_of_kind(kind, item.text); !why.empty())
      wrong(item, fmt::format("bad {}{} in {} of {}: it is {}", name, secret ? "" : " " + quote(item.text), where,
                              owner, why));
    if (is == "map") below(item, name + ".");
  }

  // Only what is nearly a known one is surely none: each release has some of its own.
  void unknown(const Tree& item, const std::string& above) const {
    std::vector<std::string> names;
    for (const auto& [name, kind] : settings.kinds)
      if (name.starts_with(above) && name.find('.', above.size()) == std::string::npos)
        names.push_back(name.substr(above.size()));
    if (const std::string near = did_you_mean(item.key, names); !near.empty())
      odd(item,
          fmt::format("{} in {} of {} is no setting that is known{}", quote(above + item.key), where, owner, near));
  }
};

bool among(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// "ports.http" of {"ports": {"http": 1}}
const Tree* at(const Tree& map, const std::string& path) {
  const auto dot = path.find('.');
  const Tree* found = map.find(path.substr(0, dot));
  return !found || dot == std::string::npos ? found : at(*found, path.substr(dot + 1));
}

}  // namespace

bool check_settings(const Tree& var, const SettingKinds& settings, const std::map<std::string, std::string>& var_kinds,
                    const std::string& owner, Mistakes& mistakes) {
  if (!among(settings.vars, var.key) || var.kind != Tree::Kind::map) return true;
  const auto kind = var_kinds.find(var.key);
  const bool secret = kind != var_kinds.end() && is_secret_kind(kind->second);
  bool good = true;
  const auto place = [secret](const Mark& mark) { return secret ? Mark{mark.file, mark.line, 0} : mark; };
  const Tell wrong = [&](const Tree& item, const std::string& text) {
    good = false;
    mistakes.error(place(item.mark), text);
  };
  const Tell odd = [&](const Tree& item, const std::string& text) { mistakes.warning(place(item.key_mark), text); };
  Walk{settings, var.key, owner, secret, wrong, odd}.below(var, settings.kinds.contains(var.key) ? var.key + "." : "");
  return good;
}

void check_settings_text(const Tree& variable, const SettingKinds& settings, const std::string& owner,
                         Mistakes& mistakes) {
  if (!among(settings.env, variable.key) || variable.kind != Tree::Kind::text) return;
  const auto error = [&](const std::string& text) { mistakes.error(variable.mark, text); };
  Mistakes inside;
  const Tree tree = parse_json(variable.text, "", inside);
  for (const Mistake& m : inside.in_file_order())
    m.warning ? mistakes.warning(variable.mark, fmt::format("{} of {}: {}", variable.key, owner, m.text))
              : error(fmt::format("{} of {} is no JSON: {}", variable.key, owner, m.text));
  if (inside.any_error()) return;
  if (tree.kind != Tree::Kind::map)
    return error(fmt::format("{} of {} is an object of JSON, as {{\"log_level\": \"debug\"}}, not a {}", variable.key,
                             owner, kind_of(tree)));
  for (const std::string& name : settings.refused)
    if (at(tree, name))
      error(fmt::format("{} of {} has a word or a value of its own: it cannot stand in {}", quote(name), owner,
                        variable.key));
  const Tell wrong = [&](const Tree&, const std::string& text) { error(text); };
  const Tell odd = [&](const Tree&, const std::string& text) { mistakes.warning(variable.mark, text); };
  Walk{settings, variable.key, owner, false, wrong, odd}.below(tree, "");
}

}  // namespace cctl
