#include "load/setting_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "load/input.hpp"
#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "load/tree_of_json.hpp"
#include "model/lower_case.hpp"
#include "model/var_kind.hpp"

namespace cctl {
namespace {

using Tell = std::function<void(const Tree& item, const std::string& text)>;

struct Walk {
  const SettingKinds& settings;
  std::vector<std::string> own;  // what has a word or a value of its own, and cannot stand here
  std::string where, owner;      // "config", "consul 1.8.7"
  bool secret;
  Tell wrong, odd;

  // `above` is as the playbook writes it: "ports.".
  void below(const Tree& map, const std::string& above) const {
    for (const Tree& item : map.items) {
      const std::string name = known_as(above, item.key), said = above + item.key;
      const auto kind = settings.kinds.find(name);
      if (name != said && !name.ends_with('*') && fits_any(name, own))
        wrong(item, fmt::format("{} in {} of {} is {} in other letters, which has a word or a value of its own",
                                quote(said), where, owner, name));
      else if (kind == settings.kinds.end())
        unknown(item, above);
      else if (const std::string why = why_refused(kind->second); !why.empty())
        wrong(item, fmt::format("{} in {} of {} keeps it from starting: {}{}", quote(said), where, owner, why,
                                near(item, above)));
      else
        beside(item, map, name, kind->second);
    }
  }

  void beside(const Tree& item, const Tree& map, const std::string& name, const std::string& whole) const {
    const auto cut = std::min(whole.find(only_beside), whole.size());
    value(item, name, whole.substr(0, cut));
    if (cut == whole.size() || item.text.empty()) return;
    const std::string other = whole.substr(cut + only_beside.size());
    const Tree* found = map.find(other.substr(0, other.find(": ")));
    if (!found || found->text != other.substr(other.find(": ") + 2))
      wrong(item, fmt::format("{} in {} of {} keeps it from starting, unless {} stands beside it", quote(name), where,
                              owner, other));
  }

  // As it is written, in other letters (programs in Go take "Server" for "server"), or as any other.
  std::string known_as(const std::string& above, const std::string& key) const {
    const bool one_word = key.find_first_of(".*") == key.npos;
    if (one_word && settings.kinds.contains(above + key)) return above + key;
    for (const auto& [name, kind] : settings.kinds)
      if (one_word && lower_case(name) == lower_case(above + key)) return name;
    // The longest that it begins with: "node_meta.consul-*" before "node_meta.*".
    std::string found = one_word ? above + key : above + "*";
    std::size_t length = 0;
    for (const auto& [name, kind] : settings.kinds)
      if (name.starts_with(above) && name.ends_with('*') && name.find('.', above.size()) == name.npos &&
          name.size() > length && fits_any(above + key, {name}))
        found = name, length = name.size();
    return found;
  }

  // null leaves it to the program.
  void value(const Tree& item, const std::string& name, const std::string& kind) const {
    const std::string is = kind_of(item), shape = shape_of(kind);
    if (is == "null" || kind == "any") return;
    // A list of one map is that map to it.
    const bool in_list = shape == "map" && is == "list" && item.items.size() < 2;
    if (is != shape && !in_list)
      return wrong(item,
                   fmt::format("{} in {} of {} is a {}, not a {}", quote(shown(item, name)), where, owner, shape, is));
    if (in_list && !item.items.empty()) return value(item.items.front(), name, kind);
    if (shape == "map") return below(item, (kind.starts_with(map_like) ? kind.substr(map_like.size()) : name) + ".");
    if (kind.starts_with(list_of))
      for (Tree part : item.items) {
        part.key = item.key;
        value(part, name, kind.substr(list_of.size()));
      }
    static const std::vector<std::string> shapes = {"boolean", "number", "text", "list"};
    const bool shape_alone = std::count(shapes.begin(), shapes.end(), kind) > 0 || shape == "list";
    if (const std::string why = shape_alone ? "" : why_not_of_kind(kind, item.text); !why.empty())
      wrong(item, fmt::format("bad {}{} in {} of {}: it is {}", shown(item, name), secret ? "" : " " + quote(item.text),
                              where, owner, why));
  }

  // "node_meta.rack" of "node_meta.*"
  static std::string shown(const Tree& item, const std::string& name) {
    return name.ends_with('*') ? name.substr(0, name.size() - 1) + item.key : name;
  }

  std::string near(const Tree& item, const std::string& above) const {
    std::vector<std::string> names;
    for (const auto& [name, kind] : settings.kinds)
      if (name.starts_with(above) && name.find('.', above.size()) == std::string::npos && why_refused(kind).empty() &&
          !name.ends_with('*'))
        names.push_back(name.substr(above.size()));
    return did_you_mean(item.key, names);
  }

  // Where the playbook does not say what becomes of others, only what is nearly a known one is surely none.
  void unknown(const Tree& item, const std::string& above) const {
    if (const std::string meant = near(item, above); !meant.empty())
      odd(item,
          fmt::format("{} in {} of {} is no setting that is known{}", quote(above + item.key), where, owner, meant));
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
  const Tell wrong = [&](const Tree& item, const std::string& text) {
    good = false;
    mistakes.error(item.mark, text, secret);
  };
  const Tell odd = [&](const Tree& item, const std::string& text) { mistakes.warning(item.key_mark, text, secret); };
  const auto own = kind == var_kinds.end() || kind->second.find(" without ") == std::string::npos
                       ? std::vector<std::string>{}
                       : words_of_kind(kind->second);
  Walk{settings, own, var.key, owner, secret, wrong, odd}.below(var,
                                                                settings.kinds.contains(var.key) ? var.key + "." : "");
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
  Walk{settings, settings.refused, variable.key, owner, false, wrong, odd}.below(tree, "");
}

}  // namespace cctl
