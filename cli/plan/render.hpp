// Templates: Mustache with <% %> delimiters, no HTML escaping, no partials, and a strict context: a name that does not
// exist is an error, never an empty string. Sections: <%#x%>..<%/x%>, <%^x%>..<%/x%>; lists of rows; names may have
// dots. A text "x" has a twin "x?" for sections: true unless the text is empty or "false". Values are never templates
// themselves.
#pragma once
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace cctl {

struct Scope;
using Rows = std::vector<Scope>;
struct Value : std::variant<std::string, bool, Rows> {
  using std::variant<std::string, bool, Rows>::variant;
};
// Names of one level: "ip", "ports.client", "zookeeper.connect".
struct Scope {
  std::map<std::string, Value> names;
};

// Throws Error: `unknown name "quorun" in template, did you mean "quorum"?`, or the template's own syntax error.
std::string render(const std::string& text, const Scope& scope);

}  // namespace cctl
