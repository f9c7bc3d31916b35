#include "plan/spec_changes.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "model/outside_json.hpp"
#include "model/secrets.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// Values longer than this are shown from where they differ.
constexpr std::size_t kLongestValue = 100, kContext = 20;

// Name -> what it is set to, once or more often. The empty name has words of their own.
using Named = std::map<std::string, std::vector<std::string>>;

std::string flat(const json& value) {
  if (!value.is_array()) return value.is_string() ? value.get<std::string>() : value.dump();
  std::string text;
  for (const auto& v : value) text += (text.empty() ? "" : " ") + flat(v);
  return text;
}

bool is_flag(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && !std::isdigit(static_cast<unsigned char>(word[1]));
}

// "--name=value", "--name value", "--name", and words that are no flags.
Named flags_of(const json& args) {
  Named out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string word = flat(args[i]);
    if (!is_flag(word)) {
      out[""].push_back(word);
      continue;
    }
    const std::string flag = word.substr(word.find_first_not_of('-') == word.npos ? 0 : word.find_first_not_of('-'));
    const auto equals = flag.find('=');
    const bool separate = equals == flag.npos && i + 1 < args.size() && !is_flag(flat(args[i + 1]));
    out[flag.substr(0, equals)].push_back(equals != flag.npos ? flag.substr(equals + 1)
                                          : separate          ? flat(args[i + 1])
                                                              : "");
    i += separate ? 1 : 0;
  }
  return out;
}

// "source:target[:ro]" by target, "host:container" by the container's port.
Named by_target(const json& list) {
  Named out;
  for (const auto& item : list) {
    const std::string text = flat(item);
    const auto first = text.find(':'), second = text.find(':', first + 1);
    if (first == text.npos)
      out[text].push_back(text);
    else
      out[text.substr(first + 1, second - first - 1)].push_back(
          text.substr(0, first) + (second == text.npos ? "" : " (" + text.substr(second + 1) + ")"));
  }
  return out;
}

Named of_map(const json& map) {
  Named out;
  for (const auto& [name, value] : map.items()) out[name].push_back(flat(value));
  return out;
}

Named of_list(const json& list) {
  Named out;
  for (const auto& item : list) out[""].push_back(flat(item));
  return out;
}

std::string shown(const std::string& name, const std::string& value) {
  return is_secret_name(name) ? kRedacted : without_secrets(value);
}

class Comparing {
 public:
  explicit Comparing(std::vector<SpecChange>& out) : out_(out) {}

  void named(const std::string& field, const Named& before, const Named& after) {
    for (const auto& [name, values] : before) {
      const auto now = after.find(name);
      compare(field, name, values, now == after.end() ? std::vector<std::string>{} : now->second);
    }
    for (const auto& [name, values] : after)
      if (!before.count(name)) compare(field, name, {}, values);
  }

 private:
  // Those on both sides are left out; one that is left on each is one that changed.
  void compare(const std::string& field, const std::string& name, const std::vector<std::string>& before,
               const std::vector<std::string>& after) {
    std::vector<std::string> gone = before, fresh = after;
    for (const auto& value : before)
      if (const auto at = std::find(fresh.begin(), fresh.end(), value); at != fresh.end()) {
        fresh.erase(at);
        gone.erase(std::find(gone.begin(), gone.end(), value));
      }
    if (!name.empty() && gone.size() == 1 && fresh.size() == 1) {
      out_.push_back({field, name, shown(name, gone[0]), shown(name, fresh[0])});
      return;
    }
    for (const auto& value : gone) out_.push_back({field, name, shown(name, value), std::nullopt});
    for (const auto& value : fresh) out_.push_back({field, name, std::nullopt, shown(name, value)});
  }

  std::vector<SpecChange>& out_;
};

Named named_of(const std::string& key, const json& value) {
  if (value.is_null()) return {};
  if (key == "args") return flags_of(value);
  if (key == "mounts" || key == "publish") return by_target(value);
  return value.is_object() ? of_map(value) : of_list(value);
}

std::string word_for(const std::string& key) {
  static const std::map<std::string, std::string> words = {{"args", "flag"},      {"mounts", "mount"},
                                                           {"publish", "port"},   {"labels", "label"},
                                                           {"ulimits", "ulimit"}, {"dns", "nameserver"}};
  const auto found = words.find(key);
  return found == words.end() ? key : found->second;
}

// Only what differs of two long values, with a little before it.
std::string cut(const std::string& text, std::size_t from) {
  if (text.size() <= kLongestValue) return text;
  const std::size_t start = from > kContext ? from - kContext : 0;
  std::string out = (start > 0 ? "..." : "") + text.substr(start, kLongestValue);
  return start + kLongestValue < text.size() ? out + "..." : out;
}

}  // namespace

std::vector<SpecChange> spec_changes(const std::string& before_text, const std::string& after_text) {
  const json before = parse_outside(before_text).value, after = parse_outside(after_text).value;
  if (!before.is_object() || !after.is_object()) return {};
  std::vector<SpecChange> out;
  Comparing comparing(out);
  const auto tell = [&](const std::string& key, const json& b, const json& a) {
    if (b == a) return;
    const std::size_t known = out.size();
    const bool whole = key == "entrypoint" || !(b.is_structured() || a.is_structured());
    if (!whole) comparing.named(word_for(key), named_of(key, b), named_of(key, a));
    if (whole) {
      SpecChange change{key, "", {}, {}};
      if (!b.is_null()) change.before = without_secrets(flat(b));
      if (!a.is_null()) change.after = without_secrets(flat(a));
      out.push_back(std::move(change));
    } else if (out.size() == known) {
      out.push_back({"order of " + key, "", {}, {}});
    }
  };
  for (const auto& [key, value] : before.items()) tell(key, value, after.contains(key) ? after[key] : json());
  for (const auto& [key, value] : after.items())
    if (!before.contains(key)) tell(key, json(), value);
  return out;
}

namespace {

// Of a field that has one value, and no names.
bool is_scalar(const SpecChange& change) {
  static const std::vector<std::string> lists = {"flag", "cap_add", "cap_drop", "security_opt", "nameserver"};
  return change.name.empty() && std::find(lists.begin(), lists.end(), change.field) == lists.end();
}

}  // namespace

std::string in_words(const SpecChange& change) {
  const std::string what = change.field == "flag" && change.name.empty()
                               ? "argument"
                               : change.field + (change.name.empty() ? "" : " " + change.name);
  if (!change.before && !change.after) return what + " changed";
  const std::string before = change.before.value_or(""), after = change.after.value_or("");
  if (change.before && change.after && before == after) return what + ": " + before + " changed";
  const auto same = static_cast<std::size_t>(
      std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first - before.begin());
  if (is_scalar(change) || (change.before && change.after))
    return what + ": " + (change.before ? cut(before, same) : "unset") + " -> " +
           (change.after ? cut(after, same) : "unset");
  if (change.before) return what + " removed" + (before.empty() ? "" : ": was " + cut(before, 0));
  return what + " added" + (after.empty() ? "" : ": " + cut(after, 0));
}

}  // namespace cctl
