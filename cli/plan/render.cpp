#include "plan/render.hpp"

#include <kainjow/mustache.hpp>

#include "model/error.hpp"
#include "model/mistake.hpp"

namespace cctl {
namespace {

using Data = kainjow::mustache::data;

// Looks names up whole ("ports.client"), innermost level first, and remembers the first that does not exist.
class StrictContext final : public kainjow::mustache::basic_context<std::string> {
 public:
  explicit StrictContext(const Scope& scope) {
    root_ = convert(scope);
    push(&root_);
  }

  void push(const Data* data) override { levels_.insert(levels_.begin(), data); }
  void pop() override { levels_.erase(levels_.begin()); }
  const Data* get(const std::string& name) const override {
    for (const Data* level : levels_) {
      if (name == ".") return level;
      if (const Data* found = level->get(name)) return found;
    }
    if (missing_.empty()) missing_ = name;
    return nullptr;
  }
  // Partials are not part of our templates: an unknown name like any other.
  const Data* get_partial(const std::string& name) const override {
    if (missing_.empty()) missing_ = ">" + name;
    return nullptr;
  }

  const std::string& missing() const { return missing_; }

 private:
  static Data convert(const Scope& scope) {
    Data out{Data::type::object};
    for (const auto& [name, value] : scope.names) {
      if (const auto* text = std::get_if<std::string>(&value)) {
        out.set(name, Data{*text});
        const bool truth = !text->empty() && *text != "false";
        out.set(name + "?", Data{truth ? Data::type::bool_true : Data::type::bool_false});
      } else if (const auto* flag = std::get_if<bool>(&value))
        out.set(name, Data{*flag ? Data::type::bool_true : Data::type::bool_false});
      else {
        Data rows{Data::type::list};
        for (const auto& row : std::get<Rows>(value)) rows.push_back(convert(row));
        out.set(name, rows);
      }
    }
    return out;
  }

  Data root_;
  std::vector<const Data*> levels_;
  mutable std::string missing_;
};

}  // namespace

std::string render(const std::string& text, const Scope& scope) {
  if (text.find("<%") == std::string::npos) return text;
  kainjow::mustache::mustache tmpl{"{{=<% %>=}}" + text};
  if (!tmpl.is_valid()) throw Error("template does not parse: " + tmpl.error_message());
  tmpl.set_custom_escape([](const std::string& s) { return s; });
  StrictContext context{scope};
  std::string out = tmpl.render(context);
  if (!context.missing().empty()) {
    std::vector<std::string> known;
    for (const auto& [name, value] : scope.names) known.push_back(name);
    throw Error("unknown name \"" + context.missing() + "\" in template" + did_you_mean(context.missing(), known));
  }
  return out;
}

}  // namespace cctl
