#include "plan/render.hpp"

#include <charconv>
#include <kainjow/mustache.hpp>
#include <set>
#include <unordered_map>

#include "model/error.hpp"
#include "model/mistake.hpp"

namespace cctl {
namespace {

// 0 where it is none that a size holds: a text may have anything where our numbers stand.
std::size_t number_in(const std::string& text) {
  std::size_t out = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  return fault == std::errc() ? out : 0;
}

using Data = kainjow::mustache::data;

Data truth(bool flag) {
  return Data{flag ? Data::type::bool_true : Data::type::bool_false};
}

// Looks names up whole ("ports.client"), innermost level first, and remembers the first that does not exist. A name is
// converted when it is asked for: a scope knows far more than any one template wants.
class StrictContext final : public kainjow::mustache::basic_context<std::string> {
 public:
  // `numbered`: names come with the number of their tag, as numbered() writes them.
  explicit StrictContext(const Scope& scope, bool numbered = false) : numbered_(numbered) {
    scopes_[&root_] = &scope;
    push(&root_);
  }

  void push(const Data* data) override {
    const auto found = scopes_.find(data);
    levels_.push_back({data, found == scopes_.end() ? nullptr : found->second});
  }
  void pop() override { levels_.pop_back(); }
  const Data* get(const std::string& said) const override {
    if (said == ".") return levels_.back().data;
    const auto end = numbered_ ? said.rfind('#') : said.npos;
    const std::string name = said.substr(0, end);
    if (name == ".") return levels_.back().data;
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level)
      if (level->scope)
        if (const Data* found = converted(*level->scope, name)) return found;
    return miss(name, end == said.npos ? "0" : said.substr(end + 1));
  }
  // Partials are not part of our templates: an unknown name like any other.
  const Data* get_partial(const std::string& name) const override {
    const auto end = numbered_ ? name.rfind('#') : name.npos;
    return miss(">" + name.substr(0, end), end == name.npos ? "0" : name.substr(end + 1));
  }

  const std::string& missing() const { return missing_; }
  std::size_t missing_tag() const { return missing_tag_; }

 private:
  const Data* miss(const std::string& name, const std::string& tag) const {
    if (missing_.empty()) missing_ = name, missing_tag_ = number_in(tag);
    return nullptr;
  }

  struct Level {
    const Data* data;
    const Scope* scope;  // none: a text or a flag, which has no names
  };

  const Data* converted(const Scope& scope, const std::string& name) const {
    if (const Value* value = scope.find(name)) return kept(*value, false);
    if (!name.ends_with('?')) return nullptr;
    const Value* twin = scope.find(name.substr(0, name.size() - 1));
    return twin && std::get_if<std::string>(twin) ? kept(*twin, true) : nullptr;
  }

  const Data* kept(const Value& value, bool asked) const {
    const auto [it, fresh] = kept_.try_emplace({&value, asked});
    if (fresh) it->second = convert(value, asked);
    return it->second.get();
  }

  std::unique_ptr<Data> convert(const Value& value, bool asked) const {
    if (const auto* text = std::get_if<std::string>(&value))
      return std::make_unique<Data>(asked ? truth(!text->empty() && *text != "false") : Data{*text});
    if (const auto* flag = std::get_if<bool>(&value)) return std::make_unique<Data>(truth(*flag));
    const auto& shared = std::get<SharedRows>(value);
    auto list = std::make_unique<Data>(Data::type::list);
    std::vector<const Scope*> rows;
    for (const auto& row : *shared.rows)
      if (&row != shared.without) rows.push_back(&row);
    // A row is only a place in the list: its names are looked up in its scope.
    for (std::size_t i = 0; i < rows.size(); ++i) list->push_back(truth(true));
    for (std::size_t i = 0; i < rows.size(); ++i) scopes_[&list->list_value()[i]] = rows[i];
    return list;
  }

  const Data root_;
  std::vector<Level> levels_;  // the innermost last
  mutable std::map<std::pair<const Value*, bool>, std::unique_ptr<Data>> kept_;
  mutable std::unordered_map<const Data*, const Scope*> scopes_;
  mutable std::string missing_;
  mutable std::size_t missing_tag_ = 0;
  const bool numbered_;
};

// For the message alone.
std::vector<std::string> known_names(const Scope& scope) {
  std::set<std::string> out;
  for (const Scope* s = &scope; s; s = s->outer.get())
    for (const auto& [name, value] : s->names) out.insert(name);
  return {out.begin(), out.end()};
}

}  // namespace

Value::Value(Rows rows) : variant(SharedRows{std::make_shared<const Rows>(std::move(rows))}) {}

const Value* Scope::find(const std::string& name) const {
  for (const Scope* scope = this; scope; scope = scope->outer.get())
    if (const auto found = scope->names.find(name); found != scope->names.end()) return &found->second;
  return nullptr;
}

namespace {

constexpr const char* kDelimiters = "{{=<% %>=}}";

// Which <% a place in the text belongs to.
std::size_t tag_at(const std::string& text, std::size_t place) {
  std::size_t count = 0;
  for (auto at = text.find("<%"); at != text.npos && at <= place; at = text.find("<%", at + 2)) ++count;
  return count == 0 ? 0 : count - 1;
}

// "Unclosed section \"ip\" at 20": the place counts our line of delimiters, too.
std::size_t place_in(const std::string& message) {
  const auto digits = message.find_last_not_of("0123456789") + 1;
  const std::size_t place = number_in(message.substr(digits));
  const std::size_t before = std::string(kDelimiters).size();
  return place < before ? 0 : place - before;
}

// The same text, in which each name says which tag it stands in: "ip#3". What closes a section has the name of what
// opened it.
std::string numbered(const std::string& text) {
  std::string out;
  std::vector<std::size_t> open;
  std::size_t done = 0, tag = 0;
  for (auto at = text.find("<%"); at != text.npos; at = text.find("<%", at + 2), ++tag) {
    const auto end = text.find("%>", at), sigil = text.find_first_not_of(' ', at + 2);
    if (end == text.npos || sigil >= end) break;
    const char kind = text[sigil];
    if (kind == '!' || kind == '=') continue;
    std::size_t number = tag;
    if (kind == '#' || kind == '^') open.push_back(tag);
    if (kind == '/' && !open.empty()) number = open.back(), open.pop_back();
    const auto last = text.find_last_not_of(' ', end - 1) + 1;
    out += text.substr(done, last - done) + "#" + std::to_string(number);
    done = last;
  }
  return out + text.substr(done);
}

}  // namespace

std::string render(const std::string& text, const Scope& scope) {
  if (text.find("<%") == std::string::npos) return text;
  kainjow::mustache::mustache tmpl{kDelimiters + text};
  if (!tmpl.is_valid())
    throw BadTemplate("template does not parse: " + tmpl.error_message(), text,
                      tag_at(text, place_in(tmpl.error_message())));
  StrictContext context{scope};
  tmpl.set_custom_escape([](const std::string& s) { return s; });
  std::string out = tmpl.render(context);
  if (context.missing().empty()) return out;
  StrictContext again{scope, true};
  kainjow::mustache::mustache(kDelimiters + numbered(text)).render(again);
  throw BadTemplate(
      "unknown name \"" + context.missing() + "\" in template" + did_you_mean(context.missing(), known_names(scope)),
      text, again.missing_tag());
}

}  // namespace cctl
