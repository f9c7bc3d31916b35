#include "load/var_value.hpp"

#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "model/var_kind.hpp"

namespace cctl {

namespace {

std::string kind_of_var(const VarKind& var, const std::string& name) {
  const auto found = var.kinds.find(name);
  return found == var.kinds.end() ? "" : found->second;
}

// The line of a secret is not shown, and neither is its value.
Mark without_line(const Mark& mark) {
  return {mark.file, mark.line, 0};
}

class MapValue {
 public:
  MapValue(const std::string& kind, const VarKind& var, const Reader& r)
      : var_(var),
        r_(r),
        texts_(kind.find("texts") != kind.npos),
        closed_(kind.find("map of ") != kind.npos),
        secret_(is_secret_kind(kind)),
        words_(words_of_kind(kind)) {}

  std::optional<std::string> read(const Tree& item) {
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
      const std::string kind = kind_of_var(var_, var + "." + name);
      if (const std::string why = why_not_of_kind(kind, item.text); !why.empty())
        wrong(item.mark,
              fmt::format("bad {}{} of {}: it is {}", item.key, secret_ ? "" : " " + quote(item.text), var, why));
      if (texts_)
        check_text(item);
      else if (item.kind == Tree::Kind::map)
        walk(item, var, name + ".");
    }
  }

  void check_text(const Tree& item) {
    const std::string fault = any_word(item.key);
    if (!fault.empty() || item.key.find_first_of("= ") != item.key.npos)
      wrong(item.key_mark, fmt::format("bad key {}: a name without blanks", quote(item.key)));
    if (!r_.scalar(item, any_line)) good_ = false;
  }

  static std::string texts_of(const Tree& map) {
    Tree quoted = map;
    for (Tree& item : quoted.items) item.plain = false;
    return json_of(quoted);
  }

  void wrong(const Mark& mark, const std::string& text) {
    r_.mistakes.error(secret_ ? without_line(mark) : mark, text);
    good_ = false;
  }

  const VarKind& var_;
  const Reader& r_;
  const bool texts_, closed_, secret_;
  const std::vector<std::string> words_;
  bool good_ = true;
};

}  // namespace

std::optional<std::string> read_var_value(const Tree& item, const VarKind& var, const Reader& r) {
  const std::string kind = kind_of_var(var, item.key);
  if (const std::string why = why_refused(kind); !why.empty()) {
    r.mistakes.error(without_line(item.key_mark),
                     fmt::format("{} of {} cannot be set: {}", quote(item.key), var.owner, why));
    return {};
  }
  if (is_map_kind(kind)) return MapValue(kind, var, r).read(item);
  // One line: templates put it between others of a program's own configuration.
  const bool secret = is_secret_kind(kind);
  const auto value = r.scalar(item, secret ? Check(any_text) : Check(any_line));
  if (!value || (value->empty() && var.may_be_empty)) return value;
  const std::string why = why_not_of_kind(kind, *value);
  if (why.empty()) return value;
  r.mistakes.error(
      secret ? without_line(item.mark) : item.mark,
      fmt::format("bad {}{} of {}: it is {}", item.key, secret ? "" : " " + quote(*value), var.owner, why));
  return {};
}

}  // namespace cctl
