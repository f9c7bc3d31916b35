#include "load/tree_json.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

namespace cctl {
namespace {

using nlohmann::ordered_json;

ordered_json scalar(const Tree& tree) {
  const std::string& text = tree.text;
  if (!tree.plain) return text;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (text.empty() || text == "null" || text == "~") return nullptr;
  const char* end = text.data() + text.size();
  long long whole = 0;
  if (const auto [at, error] = std::from_chars(text.data(), end, whole); error == std::errc() && at == end)
    return whole;
  double real = 0;
  if (const auto [at, error] = std::from_chars(text.data(), end, real); error == std::errc() && at == end) return real;
  return text;
}

ordered_json value(const Tree& tree) {
  switch (tree.kind) {
    case Tree::Kind::null:
      return nullptr;
    case Tree::Kind::text:
      return scalar(tree);
    case Tree::Kind::list: {
      ordered_json out = ordered_json::array();
      for (const Tree& item : tree.items) out.push_back(value(item));
      return out;
    }
    case Tree::Kind::map: {
      ordered_json out = ordered_json::object();
      for (const Tree& item : tree.items) out[item.key] = value(item);
      return out;
    }
  }
  return nullptr;
}

}  // namespace

std::string json_of(const Tree& tree) {
  return value(tree).dump();
}

std::string kind_of(const Tree& tree) {
  const ordered_json out = value(tree);
  return out.is_boolean()  ? "boolean"
         : out.is_number() ? "number"
         : out.is_string() ? "text"
         : out.is_array()  ? "list"
         : out.is_object() ? "map"
                           : "null";
}

}  // namespace cctl
