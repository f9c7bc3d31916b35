#include "load/var_value.hpp"

#include <algorithm>

#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "model/lower_case.hpp"
#include "model/var_kind.hpp"

namespace cctl {

namespace {

std::string kind_of_var(const VarKind& var, const std::string& name) {
  const auto found = var.kinds.find(name);
  return found == var.kinds.end() ? "" : found->second;
}

class MapValue {
 public:
  MapValue(const std::string& kind, const VarKind& var, const Reader& r)
      : var_(var),
        r_(r),
        lines_(kind.starts_with("properties")),
        texts_(lines_ || kind.find("texts") != kind.npos),
        closed_(kind.find("map of ") != kind.npos),
        secret_(is_secret_kind(kind)),
        words_(words_of_kind(kind)) {}

  std::optional<std::string> read(const Tree& item) {
    line_var_ = item.key;
    if (item.kind == Tree::Kind::map)
      walk(item, item.key, "");
    else
      wrong(item.mark, fmt::format("{} of {} must be a map", item.key, var_.owner));
    if (!good_) return {};
    return texts_ ? texts_of(item) : json_of(item);
  }

 private:
  // Keys that the playbook writes itself, or does not know; "ports.http" is one inside "ports".
  void walk(const Tree& map, const std::string& var, const std::string& above) {
    for (const Tree& item : map.items) {
      const std::string name = above + item.key;
      if (closed_ && above.empty() && !fits_any(name, words_))
        wrong(item.key_mark, fmt::format("unknown key {} of {}{}", quote(name), var, did_you_mean(name, words_)));
      if (!closed_ && fits_any(name, words_))
        wrong(item.key_mark, fmt::format("{} of {} has a word or a value of its own: it cannot stand in {}",
                                         quote(name), var_.owner, var));
      const std::string kind = kind_of(var, name);
      if (const std::string why = why_passed_over(kind); !why.empty())
        r_.mistakes.warning(item.key_mark,
                            fmt::format("{} in {} of {} has no effect: {}", quote(name), var, var_.owner, why));
      if (const std::string why = why_refused(kind); !why.empty())
        wrong(item.key_mark,
              fmt::format("{} in {} of {} keeps it from starting: {}", quote(name), var, var_.owner, why));
      if (const std::string why = why_not_of_kind(kind, item.text); !why.empty()) {
        const std::string text =
            fmt::format("bad {}{} of {}: it is {}", item.key, secret_ ? "" : " " + quote(item.text), var, why);
        is_advice(kind) ? r_.mistakes.warning(item.mark, text, secret_) : wrong(item.mark, text);
      }
      if (texts_)
        check_text(item);
      else if (item.kind == Tree::Kind::map)
        walk(item, var, name + ".");
      else if (item.kind == Tree::Kind::list && is_ours_in_part(name))
        wrong(item.mark, fmt::format("{} in {} is a map, which the playbook writes in part: without the list around it",
                                     quote(name), var));
    }
  }

  // "ports", where ports.http is the playbook's.
  bool is_ours_in_part(const std::string& name) const {
    return !closed_ && std::any_of(words_.begin(), words_.end(),
                                   [&](const std::string& word) { return word.starts_with(name + "."); });
  }

  void check_text(const Tree& item) {
    const std::string fault = any_word(item.key);
    if (!fault.empty() || item.key.find_first_of("= ") != item.key.npos)
      wrong(item.key_mark, fmt::format("bad key {}: a name without blanks", quote(item.key)));
    if (!r_.scalar(item, any_line)) good_ = false;
    if (lines_) check_line(item);
  }

  // Java reads "client\u0050ort" as clientPort, ends a name at ":" too, and goes on in the next line after a "\".
  void check_line(const Tree& item) {
    for (const char* part : {":", "\\", "\t", "\f"})
      if (item.key.find(part) != item.key.npos)
        wrong(item.key_mark,
              fmt::format("bad key {}: {} in a name of it is read as something else", quote(item.key), quote(part)));
    if (item.key.starts_with('#') || item.key.starts_with('!'))
      wrong(item.key_mark,
            fmt::format("bad key {}: {} begins a comment", quote(item.key), quote(item.key.substr(0, 1))));
    if (item.text.find('\\') != item.text.npos)
      wrong(item.mark, fmt::format("bad {} {}: {} is read as the beginning of another character, write {}", item.key,
                                   quote(item.text), quote("\\"), quote("/")));
    const auto known = known_lines();
    for (const std::string& word : known)
      if (word != item.key && lower_case(word) == lower_case(item.key))
        return r_.mistakes.warning(item.key_mark,
                                   fmt::format("{} has no effect: {} reads {}", quote(item.key), var_.owner, word));
    // What it does not know it hands to others as a property of its own.
    if (const std::string meant = did_you_mean(item.key, known); !fits_any(item.key, known) && !meant.empty())
      r_.mistakes.warning(item.key_mark, fmt::format("{} in {} of {} is no setting that is known{}", quote(item.key),
                                                     line_var_, var_.owner, meant));
  }

  // "weight.1" is a "weight.*"
  std::string kind_of(const std::string& var, const std::string& name) const {
    const std::string kind = kind_of_var(var_, var + "." + name);
    return kind.empty() && name.find('.') != name.npos
               ? kind_of_var(var_, var + "." + name.substr(0, name.rfind('.')) + ".*")
               : kind;
  }

  // The names that the playbook speaks of: its own words, and those that have a kind.
  std::vector<std::string> known_lines() const {
    std::vector<std::string> out = words_;
    for (const auto& [name, kind] : var_.kinds)
      if (name.starts_with(line_var_ + ".")) out.push_back(name.substr(line_var_.size() + 1));
    return out;
  }

  static std::string texts_of(const Tree& map) {
    Tree quoted = map;
    for (Tree& item : quoted.items) item.plain = false;
    return json_of(quoted);
  }

  void wrong(const Mark& mark, const std::string& text) {
    r_.mistakes.error(mark, text, secret_);
    good_ = false;
  }

  const VarKind& var_;
  const Reader& r_;
  const bool lines_, texts_, closed_, secret_;
  const std::vector<std::string> words_;
  std::string line_var_;
  bool good_ = true;
};

}  // namespace

std::optional<std::string> read_var_value(const Tree& item, const VarKind& var, const Reader& r) {
  const std::string kind = kind_of_var(var, item.key);
  if (const std::string why = why_refused(kind); !why.empty()) {
    constexpr bool hidden = true;
    r.mistakes.error(item.key_mark, fmt::format("{} of {} cannot be set: {}", quote(item.key), var.owner, why), hidden);
    return {};
  }
  if (is_map_kind(kind)) return MapValue(kind, var, r).read(item);
  // One line: templates put it between others of a program's own configuration.
  const bool secret = is_secret_kind(kind);
  const auto value = r.scalar(item, secret ? Check(any_text) : Check(any_line));
  if (!value || (value->empty() && var.may_be_empty)) return value;
  const std::string why = why_not_of_kind(kind, *value), odd = why.empty() ? why_odd(kind, *value) : "";
  if (!odd.empty()) r.mistakes.warning(item.mark, fmt::format("{} of {}: {}", item.key, var.owner, odd));
  if (why.empty()) return value;
  r.mistakes.error(item.mark,
                   fmt::format("bad {}{} of {}: it is {}", item.key, secret ? "" : " " + quote(*value), var.owner, why),
                   secret);
  return {};
}

}  // namespace cctl
