// Templates: Mustache with <% %> delimiters, no HTML escaping, no partials, and a strict context: a name that does not
// exist is an error, never an empty string. Sections: <%#x%>..<%/x%>, <%^x%>..<%/x%>; lists of rows; names may have
// dots. A text "x" has a twin "x?" for sections: true unless the text is empty or "false". Values are never templates
// themselves.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "model/error.hpp"

namespace cctl {

struct Scope;
using Rows = std::vector<Scope>;
// Rows of many scopes, of which each may leave one out: a copy for every host would grow with the square of the hosts.
struct SharedRows {
  std::shared_ptr<const Rows> rows;
  const Scope* without = nullptr;
};
struct Value : std::variant<std::string, bool, SharedRows> {
  using std::variant<std::string, bool, SharedRows>::variant;
  Value(Rows rows);
};
// Names of one level: "ip", "ports.client", "zookeeper.connect".
struct Scope {
  std::map<std::string, Value> names;
  std::shared_ptr<const Scope> outer = nullptr;  // what is the same for many; its own names come first

  const Value* find(const std::string& name) const;
};

// What is wrong with a template, and with which of its <% %>, counted from 0.
class BadTemplate : public Error {
 public:
  BadTemplate(const std::string& what, std::string text, std::size_t tag)
      : Error(what), text_(std::move(text)), tag_(tag) {}
  const std::string& text() const { return text_; }
  std::size_t tag() const { return tag_; }

 private:
  std::string text_;
  std::size_t tag_ = 0;
};

// Throws BadTemplate: `unknown name "quorun" in template, did you mean "quorum"?`, or the template's own syntax error.
std::string render(const std::string& text, const Scope& scope);

}  // namespace cctl
