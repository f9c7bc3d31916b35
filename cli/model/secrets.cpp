#include "model/secrets.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string_view>

#include "model/base64.hpp"
#include "model/outside_json.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// Words of a name, without digits behind them.
constexpr const char* kSecretWords[] = {"pass", "pwd",  "pw",   "token",         "tokens", "key",
                                        "keys", "auth", "cred", "authorization", "creds",  "encrypt",
                                        "pat",  "salt", "jwt",  "bearer"};
// What a word may have before it or behind it, written without a gap: "pgpassword", "secretkey", "dbpass".
constexpr const char* kWithin[] = {"password", "passwd", "passphrase", "passcode", "credential", "secret"};
constexpr const char* kAtTheEnd[] = {"apikey",     "authkey",       "accesskey", "privatekey", "masterkey", "sharedkey",
                                     "signingkey", "encryptionkey", "token",     "pass",       "pwd"};
constexpr const char* kPlainWords[] = {"compass", "bypass",   "encompass", "trespass",
                                       "surpass", "overpass", "underpass", "secretary"};

// Whole endings of names, over the humps in them: what ZooKeeper's superuser logs in with.
constexpr const char* kEndings[] = {"superdigest", "super_digest", "super-digest", "super.digest"};

bool has_secret_ending(const std::string& name) {
  std::string low = name;
  std::transform(low.begin(), low.end(), low.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](const char* end) { return low.ends_with(end); });
}

bool is_secret_word(std::string word) {
  word.erase(word.find_last_not_of("0123456789") + 1);
  const auto any = [&](const auto& of, const auto& fits) { return std::any_of(std::begin(of), std::end(of), fits); };
  const auto is = [&](const char* it) { return word == it; };
  if (any(kPlainWords, is)) return false;
  return any(kSecretWords, is) || any(kWithin, [&](const char* it) { return word.find(it) != word.npos; }) ||
         any(kAtTheEnd, [&](const char* it) { return word.ends_with(it); });
}

// `secret`: it is below a name that says so.
bool redact(json& value, bool secret = false) {
  bool any = false, behind_flag = false;
  for (auto& [name, item] : value.items()) {
    const bool its = secret || behind_flag || (value.is_object() && is_secret_name(name));
    behind_flag = value.is_array() && item.is_string() && is_secret_flag(item.get<std::string>());
    if (item.is_structured()) {
      any = redact(item, its) || any;
    } else if (its && !item.is_boolean() && !item.is_null()) {
      item = kRedacted;
      any = true;
    }
  }
  return any;
}

// How a name is found, up to its value, and what the value is. In two: a value is only looked for, and may only be
// long, where the name is a secret's.
struct Said {
  Said(const char* upto_value, const char* is) : name(upto_value, RE2::Latin1), value(is, RE2::Latin1) {}
  RE2 name, value;
};

// A name, or a property of a JVM.
bool is_secret_setting(const std::string& name) {
  return is_secret_name(name.starts_with("-D") ? name.substr(2) : name);
}

// Where a name stands in quotes together with its value, the value ends with them.
std::size_t end_in_quotes(const std::string& text, std::size_t name, std::size_t value) {
  const char quote = name > 0 ? text[name - 1] : ' ';
  if ((quote != '"' && quote != '\'') || text.substr(name, value - name).find(quote) != std::string::npos) return 0;
  return std::min(text.find(quote, value), text.size());
}

// What was hidden before is followed by these many marks that are no part of it: "[redacted],".
std::size_t after_redacted(std::string_view value) {
  const std::string_view hidden = kRedacted;
  if (!value.starts_with(hidden)) return 0;
  value.remove_prefix(hidden.size());
  return value.find_first_not_of(",;)}]") == value.npos ? value.size() : 0;
}

// on_value(where it begins, where it ends) for each. Where the name is no secret's, the next may begin with what stands
// for its value.
template <class OnValue>
void each_named(const std::string& text, const Said& said, bool once, const OnValue& on_value) {
  re2::StringPiece found[2], value;
  const auto end_of = [&](const re2::StringPiece& piece) {
    return static_cast<std::size_t>(piece.data() - text.data()) + piece.size();
  };
  for (std::size_t at = 0; said.name.Match(text, at, text.size(), RE2::UNANCHORED, found, 2);) {
    const std::size_t begins = end_of(found[0]);
    std::string name(found[1].data(), found[1].size());
    at = end_of(found[1]);
    if (is_secret_setting(name) && said.value.Match(text, begins, text.size(), RE2::ANCHOR_START, &value, 1)) {
      const std::size_t ends = std::max(begins + value.size() - after_redacted({value.data(), value.size()}),
                                        end_in_quotes(text, at - name.size(), begins));
      on_value(begins, ends);
      at = ends;
    }
    if (once) break;
  }
}

std::string without_named(const std::string& text, const Said& said, bool once = false) {
  std::string out;
  std::size_t from = 0;
  each_named(text, said, once, [&](std::size_t begins, std::size_t ends) {
    out += text.substr(from, begins - from) + kRedacted;
    from = ends;
  });
  return out + text.substr(from);
}

// A value in quotes ends with them, or with the text; one without at a blank, but for what says how one logs in. With
// blanks before "=" it is a setting, whose value is the rest of the line.
constexpr const char* kValue =
    R"re("(?:[^"\\]|\\.)*(?:"|$)|'(?:[^']|'')*(?:'|$)|(?i:bearer|basic|digest|negotiate)\s+\S+|[^\s"',]\S*)re";

const Said& setting() {
  static const Said said(R"re(([\w.-]+)"?[ \t]+=[ \t]*)re", R"re([^\n]+)re");
  return said;
}

const Said& named_value() {
  static const Said said(R"re(([\w.-]+)["']?\s*[=:]\s*)re", kValue);
  return said;
}

const Said& flag() {
  static const Said said(R"re((--[\w.-]+)\s+)re", R"re("(?:[^"\\]|\\.)*(?:"|$)|'(?:[^']|'')*(?:'|$)|[^\s-]\S*)re");
  return said;
}

// A password may have slashes in it, and an @; a number that a path or another host follows is a port.
std::string without_users(const std::string& text) {
  static const RE2 user(R"re(://[^/@:\s"']*:(?:[^\s"']*@|[^\s/@]*@))re", RE2::Latin1);
  static const RE2 port(R"re(://[^/@:\s"']*:\d{1,5}[/,?#"'])re", RE2::Latin1);
  std::string out;
  re2::StringPiece rest(text), found;
  while (user.Match(rest, 0, rest.size(), RE2::UNANCHORED, &found, 1)) {
    const auto before = static_cast<std::size_t>(found.data() - rest.data());
    const bool is_port = port.Match(found, 0, found.size(), RE2::ANCHOR_START, nullptr, 0);
    out.append(rest.data(), before);
    out += is_port ? std::string(found.data(), found.size()) : std::string("://") + kRedacted + "@";
    rest.remove_prefix(before + found.size());
  }
  return out.append(rest.data(), rest.size());
}

constexpr std::size_t kShortest = 4;

// Passwords are asked for, and registries talked to, on threads of their own.
std::mutex known_lock;
// Of what stands in base64 the characters at its edges belong to its neighbours as well.
struct Edges {
  bool before = false, behind = false;
};
// The longest first: one may be a part of another.
std::map<std::string, Edges, decltype([](const std::string& a, const std::string& b) {
           return a.size() != b.size() ? a.size() > b.size() : a < b;
         })>
    known;

bool in_base64(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("+/-_").find(c) != std::string_view::npos;
}

bool may_be_known(const std::string& value) {
  static const RE2 plain(R"((?s)/.*|file:.*|[-+.\d]+|[a-z]{1,11}|[A-Z][a-z]{0,10}|sha\d+|[a-z]+://[\w.:\[\]-]*/?)",
                         RE2::Latin1);
  const char* const marks = "\":,{}[] \\";
  const std::size_t from = value.find_first_not_of(marks);
  if (from == std::string::npos) return false;
  const std::string bare = value.substr(from, value.find_last_not_of(marks) + 1 - from);
  return bare.size() >= kShortest && !RE2::FullMatch(bare, plain) && !RE2::FullMatch(value, plain);
}

bool looks_like_a_token(const std::string& value) {
  constexpr std::size_t shortest = 20;
  static const RE2 alphabet(R"([\w+/=.~-]+)", RE2::Latin1);
  const auto any = [&](int (*is)(int)) {
    return std::any_of(value.begin(), value.end(), [is](unsigned char c) { return is(c) != 0; });
  };
  return value.size() >= shortest && RE2::FullMatch(value, alphabet) && any(std::isupper) && any(std::islower) &&
         any(std::isdigit);
}

}  // namespace

namespace {

void keep_whole(const std::string& value) {
  if (!may_be_known(value)) return;
  const std::string in_json = json(value).dump(-1, ' ', false, json::error_handler_t::replace);
  const std::string in_shell = shell_word(value);
  const std::lock_guard lock(known_lock);
  known[value];
  known[in_json.substr(1, in_json.size() - 2)];
  if (in_shell != value) known[in_shell.substr(1, in_shell.size() - 2)];
}

// As it stands in base64, alone or behind what is not known, a user's name: three ways, as there are bytes before it.
void keep_encoded(const std::string& value) {
  constexpr std::size_t bits = 6, shortest = 5;  // characters that are its own
  if (value.size() < kShortest) return;
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string text = to_base64(std::string(before, '\0') + value);
    const std::size_t from = (8 * before + bits - 1) / bits, to = 8 * (before + value.size()) / bits;
    if (to < from + shortest) continue;
    const std::string own = text.substr(from, to - from);
    std::string for_urls = own;
    std::replace(for_urls.begin(), for_urls.end(), '+', '-');
    std::replace(for_urls.begin(), for_urls.end(), '/', '_');
    const std::lock_guard lock(known_lock);
    for (const std::string& one : {own, for_urls}) known[one] = {before != 0, (before + value.size()) % 3 != 0};
  }
}

}  // namespace

// Programs tell of a key line by line.
void keep_secret(const std::string& value) {
  constexpr std::size_t shortest_line = 8;
  keep_whole(value);
  keep_encoded(value);
  for (std::size_t from = 0; value.find('\n') != value.npos && from < value.size();) {
    const std::size_t end = std::min(value.find('\n', from), value.size());
    if (end - from >= shortest_line) keep_whole(value.substr(from, end - from));
    from = end + 1;
  }
}

void keep_token(const std::string& value) {
  keep_secret("Bearer " + value);
  if (looks_like_a_token(value)) keep_secret(value);
}

std::string without_known_secrets(const std::string& text) {
  const std::lock_guard lock(known_lock);
  std::string out = text;
  for (const auto& [value, edges] : known)
    for (std::size_t at = out.find(value); at != std::string::npos; at = out.find(value, at + 1)) {
      std::size_t end = at + value.size();
      if (edges.before && at > 0 && in_base64(out[at - 1])) --at;
      if (edges.behind && end < out.size() && in_base64(out[end])) ++end;
      out.replace(at, end - at, kRedacted);
      at += std::char_traits<char>::length(kRedacted) - 1;
    }
  return out;
}

std::size_t before_begun_secret(std::string_view text) {
  const std::lock_guard lock(known_lock);
  std::size_t from = text.size();
  for (const auto& [value, edges] : known)
    for (std::size_t n = std::min(value.size() - 1, text.size()); n > text.size() - from; --n)
      if (text.ends_with(std::string_view(value).substr(0, n))) from = text.size() - n;
  // One that is there whole may end as another begins.
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto& [value, edges] : known) {
      const auto at = text.find(value, from < value.size() ? 0 : from - value.size() + 1);
      moved = moved || at < from;
      from = std::min(from, at);
    }
  }
  return from;
}

bool is_secret_name(const std::string& name) {
  if (has_secret_ending(name)) return true;
  std::string word;
  char before = 0;
  for (const char c : name + "_") {
    const auto byte = static_cast<unsigned char>(c);
    const bool hump = std::isupper(byte) && std::islower(static_cast<unsigned char>(before));
    if ((!std::isalnum(byte) || hump) && is_secret_word(word)) return true;
    if (!std::isalnum(byte) || hump) word.clear();
    if (std::isalnum(byte)) word += static_cast<char>(std::tolower(byte));
    before = c;
  }
  return false;
}

bool is_secret_flag(const std::string& word) {
  return word.starts_with("-") && word.find_first_of("= \n") == word.npos && is_secret_name(word);
}

std::string without_secrets(const std::string& text) {
  if (auto value = parse_outside(text).value; value.is_structured())
    return without_known_secrets(redact(value) ? value.dump() : text);
  // Values that are known first: of what has been replaced in part nobody knows the rest.
  const std::string hidden = without_named(without_users(without_known_secrets(text)), setting());
  return without_named(without_named(hidden, named_value()), flag());
}

std::vector<std::string> secrets_within(const std::string& text) {
  std::vector<std::string> out;
  for (const Said* said : {&setting(), &named_value(), &flag()})
    each_named(text, *said, false, [&](std::size_t begins, std::size_t ends) {
      std::string value = text.substr(begins, ends - begins);
      const char quote = value.front();
      if (value.size() > 1 && (quote == '"' || quote == '\'') && value.back() == quote)
        value = value.substr(1, value.size() - 2);
      out.push_back(std::move(value));
    });
  return out;
}

std::string file_line_without_secrets(const std::string& line) {
  static const Said begins(R"re(^\s*([\w.-]+)\s+)re", R"re("[^"]*"|'[^']*'|[^\s=:]\S*)re");
  static const Said assigned(R"re(^\s*["']?([\w.-]+)["']?\s*[=:]\s*)re",
                             R"re("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,{\["'].*)re");
  return without_named(without_secrets(without_named(line, assigned, true)), begins, true);
}

std::vector<std::string> words_without_secrets(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  bool is_value = false;  // of the flag before it
  for (const std::string& word : words) {
    static const RE2 assignment(R"((?s)((?:--?)?[\w.-]+)=(.+))", RE2::Latin1);
    std::string name, value;
    if (is_value && !word.empty() && !word.starts_with("--"))
      out.push_back(kRedacted);
    else if (RE2::FullMatch(word, assignment, &name, &value))
      out.push_back(name + "=" + (is_secret_setting(name) ? kRedacted : without_secrets(value)));
    else
      out.push_back(without_secrets(word));
    is_value = word.starts_with("--") && is_secret_flag(word);
  }
  return out;
}

std::string line_without_secrets(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words_without_secrets(words)) {
    std::string plain = word;
    for (std::size_t at = plain.find(kRedacted); at != plain.npos; at = plain.find(kRedacted))
      plain.replace(at, 10, "x");
    out += (out.empty() ? "" : " ") + (shell_word(plain) == plain ? word : shell_word(word));
  }
  return out;
}

bool is_secret_file(const std::string& path) {
  return is_secret_name(path.substr(path.rfind('/') + 1));
}

}  // namespace cctl
