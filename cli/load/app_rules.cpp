#include "load/app_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "load/app_fields.hpp"
#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "model/lower_case.hpp"

namespace cctl {
namespace {

using Kind = Tree::Kind;

const AppField* field_of(const std::string& path) {
  static const auto by_path = [] {
    std::map<std::string_view, const AppField*> out;
    for (const AppField& field : app_fields()) out[field.path] = &field;
    return out;
  }();
  const auto found = by_path.find(path);
  return found == by_path.end() ? nullptr : found->second;
}

std::string below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

// The keys that stand directly below a path.
std::vector<std::string> keys_of(const std::string& path) {
  std::vector<std::string> out;
  const std::string prefix = path.empty() ? "" : path + ".";
  for (const AppField& field : app_fields()) {
    if (!field.path.starts_with(prefix)) continue;
    const std::string_view key = field.path.substr(prefix.size());
    if (key.find_first_of(".[") == std::string_view::npos) out.emplace_back(key);
  }
  return out;
}

// Where else a key of this or nearly this name stands: `: it stands in container.docker`.
std::string home_of(const std::string& key) {
  std::vector<std::string> names;
  for (const AppField& field : app_fields()) names.emplace_back(field.path.substr(field.path.rfind('.') + 1));
  const std::string name = std::count(names.begin(), names.end(), key) ? key : nearest(key, names);
  std::string home;
  for (const AppField& field : app_fields())
    if (!name.empty() && field.path.ends_with("." + name) &&
        (home.empty() || field.path.starts_with("container.docker.")))
      home = field.path.substr(0, field.path.size() - name.size() - 1);
  if (home.empty()) return "";
  return name == key ? ": it stands in " + home : fmt::format(", did you mean {} in {}?", quote(name), home);
}

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < words.size();) {
    const std::size_t end = std::min(words.find(' ', from), words.size());
    out.emplace_back(words.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

// What was written, short enough for a line.
std::string shown(const Tree& tree) {
  if (tree.kind == Kind::list) return "a list";
  if (tree.kind == Kind::map) return "a map";
  return kind_of(tree) == "text" ? quote(tree.text) : tree.kind == Kind::null ? "null" : tree.text;
}

// Nothing is lost where this is passed over.
bool says_nothing(const Tree& tree) {
  if (tree.kind == Kind::null) return true;
  if (tree.kind == Kind::text) return tree.text.empty() || (tree.plain && (tree.text == "0" || tree.text == "false"));
  return std::all_of(tree.items.begin(), tree.items.end(), says_nothing);
}

bool names_port(const std::string& path) {
  return path == "ports[]" || path.ends_with(".port") || path.ends_with("Port") || path.ends_with(".number");
}

}  // namespace

AppCheck::AppCheck(const Tree& app, const std::optional<Version>& marathon, Mistakes& mistakes)
    : app_(app), marathon_(marathon), mistakes_(mistakes) {
  const Tree* id = app.find("id");
  id_ = id && id->kind == Kind::text ? id->text : "";
  if (!id_.starts_with('/')) id_.insert(0, "/");
}

bool AppCheck::since(std::string_view release) const {
  return marathon_ && !(*marathon_ < *Version::parse(release));
}

bool AppCheck::before(std::string_view release) const {
  return marathon_ && *marathon_ < *Version::parse(release);
}

std::string AppCheck::of(const std::string& field) const {
  return fmt::format("{} of app {}", field, quote(id_));
}

void AppCheck::fields() const {
  walk(app_, "");
  env();
}

void AppCheck::walk(const Tree& map, const std::string& path) const {
  for (const Tree& item : map.items) {
    const std::string here = below(path, item.key);
    if (field_of(here))
      value(item, here);
    else
      unknown(item, path);
  }
}

void AppCheck::unknown(const Tree& item, const std::string& path) const {
  std::string hint = did_you_mean(item.key, keys_of(path));
  if (hint.empty()) hint = home_of(item.key);
  if (hint.empty()) hint = ": Marathon passes over it";
  odd(item.key_mark.line ? item.key_mark : item.mark, fmt::format("unknown key {} of {}app {}{}", quote(item.key),
                                                                  path.empty() ? "" : path + " of ", quote(id_), hint));
}

void AppCheck::value(const Tree& item, const std::string& path) const {
  if (item.kind == Kind::null || !of_this_release(item, path)) return;
  const AppField& field = *field_of(path);
  kind(item, path);
  const bool fields_below = !keys_of(path).empty();
  if (fields_below && item.kind == Kind::map) walk(item, path);
  if (field.kind == AppKind::list && item.kind == Kind::list && !keys_of(path + "[]").empty())
    for (const Tree& row : item.items) {
      if (row.kind == Kind::map)
        walk(row, path + "[]");
      else
        wrong(row.mark, fmt::format("{} must be maps, not {}", of(path), shown(row)));
    }
}

// Marathon reads what it does not know as if it were not there.
bool AppCheck::of_this_release(const Tree& item, const std::string& path) const {
  const AppField& field = *field_of(path);
  const Mark& mark = item.key_mark.line ? item.key_mark : item.mark;
  if (!field.since.empty() && before(field.since)) {
    if (says_nothing(item)) return false;
    std::string text = fmt::format("{} came with Marathon {}, and this is {}", of(path), field.since, marathon_->text);
    if (!field.instead.empty()) text += fmt::format(": there it is {}", field.instead);
    field.tunes ? odd(mark, text + ": it is passed over") : wrong(mark, text);
    return false;
  }
  if (!field.until.empty() && since(field.until)) {
    if (says_nothing(item)) return false;
    std::string text =
        fmt::format("{} is gone since Marathon {}, and this is {}", of(path), field.until, marathon_->text);
    if (!field.instead.empty()) text += fmt::format(": say {}", field.instead);
    wrong(mark, text);
    return false;
  }
  return true;
}

void AppCheck::kind(const Tree& item, const std::string& path) const {
  const AppField& field = *field_of(path);
  const std::string is = kind_of(item);
  const auto must_be = [&](const char* what) {
    if (is == what) return true;
    const bool quotes = std::string_view(what) == "text" && item.kind == Kind::text;
    wrong(item.mark, quotes ? fmt::format("{} must be a text: put {} in quotes", of(path), item.text)
                            : fmt::format("{} must be a {}, not {}", of(path), what, shown(item)));
    return false;
  };
  switch (field.kind) {
    case AppKind::any:
      return;
    case AppKind::text:
      if (must_be("text") && !field.words.empty()) word(item, path, field.words);
      return;
    case AppKind::number:
    case AppKind::whole:
      return number(item, path);
    case AppKind::truth:
      if (is != "boolean") wrong(item.mark, fmt::format("{} must be true or false, not {}", of(path), shown(item)));
      return;
    case AppKind::list:
      must_be("list");
      return;
    case AppKind::map:
      must_be("map");
      return;
    case AppKind::texts:
      if (!must_be("list")) return;
      for (const Tree& row : item.items)
        if (kind_of(row) != "text")
          wrong(row.mark, row.kind == Kind::text ? fmt::format("{} must be texts: put {} in quotes", of(path), row.text)
                                                 : fmt::format("{} must be texts, not {}", of(path), shown(row)));
      return;
    case AppKind::labels:
      if (must_be("map")) labels(item, path);
      return;
  }
}

void AppCheck::number(const Tree& item, const std::string& path) const {
  const AppField& field = *field_of(path);
  const bool whole = field.kind == AppKind::whole;
  const double value = std::strtod(item.text.c_str(), nullptr);
  const bool fits = kind_of(item) == "number" && value >= field.least && (!whole || value == std::floor(value));
  if (!fits)
    wrong(item.mark, fmt::format("{} must be a {}number from {}, not {}", of(path), whole ? "whole " : "", field.least,
                                 shown(item)));
  else if (names_port(path) && value > 65535)
    wrong(item.mark, fmt::format("{} must be a port, 0 to 65535, not {}", of(path), shown(item)));
}

// From 1.5 on capitals do not matter.
std::string AppCheck::cased(const std::string& word) const {
  return before("1.5") ? word : lower_case(word);
}

void AppCheck::word(const Tree& item, const std::string& path, std::string_view words) const {
  const std::vector<std::string> known = split(words);
  for (const auto& one : known)
    if (cased(one) == cased(item.text)) return word_of_this_release(item.mark, path, one);
  std::string guess = did_you_mean(item.text, known);
  for (const auto& one : known)
    if (lower_case(one) == lower_case(item.text)) guess = fmt::format(", did you mean {}?", quote(one));
  wrong(item.mark,
        fmt::format("{} must be one of {}, not {}{}", of(path), fmt::join(known, ", "), quote(item.text), guess));
}

void AppCheck::word_of_this_release(const Mark& mark, std::string_view path, const std::string& word) const {
  for (const AppWord& row : app_words()) {
    if (row.path != path || row.word != word) continue;
    const bool early = !row.since.empty() && before(row.since), late = !row.until.empty() && since(row.until);
    if (early || late)
      wrong(mark, fmt::format("{} {} {} Marathon {}, and this is {}", word, of(std::string(path)),
                              early ? "came with" : "is gone since", early ? row.since : row.until, marathon_->text));
  }
}

// Marathon refuses numbers here, which YAML makes of an 8080 without quotes.
void AppCheck::labels(const Tree& item, const std::string& path) const {
  for (const Tree& row : item.items)
    if (kind_of(row) != "text")
      wrong(row.mark,
            row.kind == Kind::text || row.kind == Kind::null
                ? fmt::format("{} {} of app {} must be a text: put {} in quotes", path, quote(row.key), quote(id_),
                              row.kind == Kind::null ? "null" : row.text)
                : fmt::format("{} {} of app {} must be a text, not {}", path, quote(row.key), quote(id_), shown(row)));
}

// Texts, and from 1.3 on maps that name a secret.
void AppCheck::env() const {
  const Tree* env = app_.find("env");
  if (!env || env->kind != Kind::map) return;
  Tree texts = *env;
  std::erase_if(texts.items, [](const Tree& row) { return row.kind == Kind::map; });
  labels(texts, "env");
  const Tree* secrets = at("secrets");
  for (const Tree& row : env->items) {
    if (row.kind != Kind::map) continue;
    const Tree* name = row.find("secret");
    const std::string what = fmt::format("env {} of app {}", quote(row.key), quote(id_));
    if (before("1.3"))
      wrong(row.mark,
            fmt::format("{} names a secret, and those came with Marathon 1.3: this is {}", what, marathon_->text));
    else if (!name)
      wrong(row.mark, what + " must be a text, or {secret: NAME}");
    else if (!secrets || !secrets->find(name->text))
      wrong(row.mark, fmt::format("{} names the secret {}, which is not among secrets", what, quote(name->text)));
  }
}

void check_app(const Tree& app, const std::optional<Version>& marathon, Mistakes& mistakes) {
  const AppCheck check(app, marathon, mistakes);
  check.fields();
  check.sense();
  check.names();
}

}  // namespace cctl
