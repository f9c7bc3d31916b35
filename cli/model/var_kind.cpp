#include "model/var_kind.hpp"

#include "model/base64.hpp"
#include "model/data_path.hpp"
#include "model/ipv4.hpp"
#include "model/kind_words.hpp"
#include "model/log_options.hpp"
#include "model/lower_case.hpp"
#include "model/mesos_kind.hpp"
#include "model/mistake.hpp"
#include "model/named_kinds.hpp"
#include "model/network_kind.hpp"
#include "model/program_kind.hpp"

namespace cctl {
namespace {

using namespace kind;

struct Range {
  long long least, most;
};

constexpr long long no_end = 1000000000000000000;

// "1-255", "at least 1", "at most 65535"
std::optional<Range> range_of(const std::string& kind) {
  const std::string at_least = "at least ", at_most = "at most ";
  std::optional<long long> least = -no_end, most = no_end;
  if (kind.starts_with(at_least)) {
    least = whole(kind.substr(at_least.size()));
  } else if (kind.starts_with(at_most)) {
    most = whole(kind.substr(at_most.size()));
  } else {
    const auto dash = kind.find('-', 1);
    if (dash == std::string::npos) return {};
    least = whole(kind.substr(0, dash)), most = whole(kind.substr(dash + 1));
  }
  if (!least || !most || *least > *most) return {};
  return Range{*least, *most};
}

std::string range_in_words(const Range& range) {
  const std::string least = std::to_string(range.least), most = std::to_string(range.most);
  if (range.least == -no_end) return "a whole number, at most " + most;
  if (range.most == no_end) return "a whole number, at least " + least;
  return "a whole number from " + least + " to " + most;
}

std::vector<std::string> split(const std::string& text, const std::string& at) {
  std::vector<std::string> out;
  for (std::size_t from = 0;;) {
    const auto next = text.find(at, from);
    out.push_back(text.substr(from, next - from));
    if (next == std::string::npos) return out;
    from = next + at.size();
  }
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// What a `;` ends each of: a program's list between braces.
std::string why_no_list(const std::string& text, bool addresses) {
  const std::string form = addresses ? "addresses with a semicolon after each, as 10.0.0.2; 10.0.0.3;"
                                     : "names and networks with a semicolon after each, as localhost; 10.0.0.0/8;";
  const auto items = split(text, ";");
  if (items.size() < 2 || !trimmed(items.back()).empty()) return form;
  for (std::size_t i = 0; i + 1 < items.size(); ++i) {
    const std::string item = trimmed(items[i]);
    if (!fits(item, "!?[A-Za-z0-9.:/_\"-]+( [A-Za-z0-9.:_-]+)*")) return form;
    const std::string address = item.substr(0, item.find(' '));
    const bool numbers = fits(address, "!?[0-9.]+(/[0-9]+)?");
    const std::string bare = address.substr(address.find_first_not_of('!'));
    const bool good = bare.find('/') == std::string::npos ? ipv4(bare).has_value() : why_no_network(bare).empty();
    if ((numbers && !good) || (addresses && !numbers && address.find(':') == std::string::npos)) return form;
  }
  return "";
}

std::string why_no_quoted_addresses(const std::string& text) {
  for (const auto& part : split(text, ",")) {
    const std::string item = trimmed(part);
    const bool quoted = fits(item, "\"[^\"]+\"");
    const std::string inner = quoted ? item.substr(1, item.size() - 2) : "";
    if (!is_machine(inner.substr(0, inner.find(':'))) || !fits(inner, "[0-9.]+(:[0-9]{1,5})?"))
      return "addresses in quotes with commas between, as '\"10.0.0.2\", \"10.0.0.3\"'";
  }
  return "";
}

constexpr const char* ranges_form = "\\[ *[0-9]+-[0-9]+( *, *[0-9]+-[0-9]+)* *\\]";
constexpr const char* number_form = "(0|[1-9][0-9]{0,11})([.][0-9]{1,6})?";

std::string why_no_ranges(const std::string& text) {
  if (!fits(text, ranges_form)) return "ranges, as [31000-32000] or [1000-2000, 31000-32000]";
  for (std::string part : split(text.substr(1, text.size() - 2), ",")) {
    part = trimmed(part);
    const auto dash = part.find('-');
    if (part.size() > 20 || std::stoll(part.substr(0, dash)) > std::stoll(part.substr(dash + 1)))
      return "ranges, each with the lower number first";
  }
  return "";
}

std::string why_no_resource(const std::string& text) {
  if (text[0] == '[') return why_no_ranges(text);
  const bool good = fits(text, number_form) || fits(text, "\\{ *[^{}\\[\\],; ]+( *, *[^{}\\[\\],; ]+)* *\\}");
  return when(!good, "a number, ranges as [1-2] or a set as {a,b}");
}

// Mesos ends at a set, and at brackets that are not those of ranges.
std::string why_no_attribute(const std::string& text) {
  if (!text.empty() && text[0] == '[') return why_no_ranges(text);
  return when(text.empty() || text.find_first_of(";[]{}()") != std::string::npos || has_control(text),
              "a text without brackets, a number, or ranges as [1-2]");
}

std::string why_no_secret(const std::string& kind, const std::string& text) {
  if (kind == "secret")
    return when(!fits(text, "[!#-\\[\\]-~]{1,256}"), "printable characters without blanks, quotes and backslashes");
  const auto bytes = from_base64(text);
  for (const auto& size : words_of_kind(kind))
    if (bytes && std::to_string(bytes->size()) == size) return "";
  return kind.substr(std::string("secret of ").size()) + " in base64, as `head -c 16 /dev/urandom | base64` makes them";
}

std::string why_no_words(const std::string& kind, const std::string& text) {
  std::vector<std::string> given;
  for (const auto& word : split(text, ",")) given.push_back(trimmed(word));
  for (const auto& word : given)
    if (!fits(word, "[A-Za-z0-9_.*-]+")) return "words with commas between";
  for (const auto& needed : words_of_kind(kind))
    if (!std::count(given.begin(), given.end(), needed) && !std::count(given.begin(), given.end(), "*"))
      return "words with commas between, and " + needed + " is one of them: health is asked for with it";
  return "";
}

std::string why_none_of(const std::string& kind, const std::string& text) {
  const auto words = words_of_kind(kind);
  if (fits_any(text, words)) return "";
  return kind + did_you_mean(text, words);
}

const std::string any_case_of = "any case of ", words_of = "words of ", words_in_any_case_of = "words in any case of ";

std::string why_none_of_any_case(const std::string& kind, const std::string& text) {
  const auto words = words_of_kind(kind);
  if (fits_any(lower_case(text), words)) return "";
  return "one of" + kind.substr(any_case_of.size() - 1) + did_you_mean(lower_case(text), words);
}

std::string why_no_pair(const std::string& text) {
  return when(!fits(text, "[^=]+=.*") || has_control(text), "name=value");
}

// The engine reads the name in any case, and passes over those that it does not know.
std::string why_no_exec_option(const std::string& text) {
  if (const std::string why = why_no_pair(text); !why.empty()) return why;
  const auto equals = text.find('=');
  const std::string value = text.substr(equals + 1);
  if (lower_case(text.substr(0, equals)) != "native.cgroupdriver" || value == "systemd" || value == "cgroupfs")
    return "";
  return "native.cgroupdriver=systemd or native.cgroupdriver=cgroupfs" + did_you_mean(value, {"systemd", "cgroupfs"});
}

// "a,b" as programs read it that take no blank away.
std::string why_no_words_of(const std::string& kind, const std::string& text) {
  const bool any_case = kind.starts_with(words_in_any_case_of);
  const auto known = words_of_kind(kind);
  std::string names;
  for (const auto& word : known) names += (names.empty() ? "" : ", ") + word;
  for (const auto& given : split(text, ",")) {
    const std::string word = any_case ? lower_case(given) : given;
    const bool found = std::any_of(known.begin(), known.end(),
                                   [&](const std::string& one) { return (any_case ? lower_case(one) : one) == word; });
    if (!found) return "of " + names + ", with commas between and no blanks" + did_you_mean(trimmed(given), known);
  }
  return "";
}

const std::string refused = "refused: ", passed_over = "passed over: ", advised = "advised ";
const std::string needs = ", needs ", unless = ", unless ", known_words = ", known ";
constexpr const char* whole_number = "whole";
const std::string own_address = "own address", own_name = "own name";

// "-1-9" of "-1-9, at most a.b or 20 * c", "switch" of "advised switch, needs a or b"
std::string without_bound(const std::string& whole) {
  std::string kind = whole.starts_with(advised) ? whole.substr(advised.size()) : whole;
  if (bound_of_kind(kind)) return kind.substr(0, kind.find(", at "));
  for (const std::string& end : {needs, unless, known_words}) kind = kind.substr(0, kind.find(end));
  return kind;
}

// "a", "b" of "a or b" behind `word`
std::vector<std::string> alternatives(const std::string& kind, const std::string& word) {
  const auto at = kind.find(word);
  if (at == std::string::npos) return {};
  return split(kind.substr(at + word.size()), " or ");
}

struct Form {
  const char* name;
  std::string (*why)(const std::string&);
};

const Form forms[] = {
    {"boolean", [](const std::string& t) { return when(t != "true" && t != "false", "true or false"); }},
    {"number", [](const std::string& t) { return when(!fits(t, number_form), "a number, as 0.5"); }},
    {whole_number, [](const std::string& t) { return when(!fits(t, "0|-?[1-9][0-9]{0,17}"), "a whole number"); }},
    {"size",
     [](const std::string& t) { return when(!fits(t, "[0-9]+([.][0-9]+)? ?[kKmMgGtTpP]?[iI]?[bB]?"), "as 64M"); }},
    {"pair", why_no_pair},
    {"label", why_no_pair},
    {"exec option", why_no_exec_option},
    {"log driver",
     [](const std::string& t) {
       const bool word = !t.empty() && t.find_first_of(" \"'\\") == t.npos && !has_control(t);
       return word ? why_no_log_driver(t) : std::string("one word, without blanks and quotes");
     }},
    {"duration",
     [](const std::string& t) { return when(!fits(t, "(0|[1-9][0-9]{0,8})(ms|s|m|h)"), "as 500ms, 60s or 2m"); }},
    {"word",
     [](const std::string& t) {
       return when(t.empty() || t.find_first_of(" \"'\\") != t.npos || has_control(t),
                   "one word, without blanks and quotes");
     }},
    {"name",
     [](const std::string& t) { return when(!fits(t, "[A-Za-z0-9_-]{1,64}"), "letters, digits, \"_\" and \"-\""); }},
    {"line", [](const std::string& t) { return when(has_control(t), "one line of text"); }},
    {"path", why_no_path},
    {"data directory", why_no_data_directory},
    {"domain", why_no_domain},
    {"interface",
     [](const std::string& t) {
       return when(!fits(t, "[A-Za-z0-9_.:@-]{1,15}"), "the name of a network interface, as eth0");
     }},
    {"virtual address", why_no_virtual_address},
    {"address", [](const std::string& t) { return when(!is_machine(t), "an IPv4 address, as 10.0.0.2"); }},
    {"ip", why_no_ip},
    {"network", why_no_network},
    {"network of any version", why_no_network_of_any_version},
    {"search domain", why_no_search_domain},
    {"registry", why_no_registry},
    {"mirror", why_no_mirror},
    {"engine address", why_no_engine_address},
    {"url",
     [](const std::string& t) { return when(!fits(t, "https?://[^ \"'\\\\]+"), "an address as https://host:port"); }},
    {"semicolon words", [](const std::string& t) { return why_no_list(t, false); }},
    {"semicolon addresses", [](const std::string& t) { return why_no_list(t, true); }},
    {"quoted addresses", why_no_quoted_addresses},
    {"ranges", why_no_ranges},
    {"port ranges", why_no_port_ranges},
    {"image", why_no_image},
    {"resource", why_no_resource},
    {"attribute", why_no_attribute},
    {"timer", why_no_timer},
    {"go duration", why_no_go_duration},
    {"mesos duration", why_no_mesos_duration},
    {"mesos size", why_no_mesos_size},
    {"switch", why_no_switch},
    {"no value", [](const std::string& t) { return when(!t.empty(), "'', for it takes no value"); }},
    {"uuid", why_no_uuid},
    {"agent address", why_no_agent_address},
    {"agent addresses", why_no_agent_addresses},
    {"host and port", why_no_host_and_port},
    {"own name", why_no_own_name},
    {"json object", why_no_json_object},
    {"user and password",
     [](const std::string& t) { return when(t.find(':') == t.npos, "a user and a password, with a colon between"); }},
    {"mesos weights", why_no_mesos_weights},
    {"mesos rate", why_no_mesos_rate},
    {"percentage", why_no_percentage},
    {"mesos alternatives", why_no_mesos_alternatives},
};

}  // namespace

std::string is_var_kind(const std::string& whole) {
  const std::string kind = without_bound(whole);
  const bool known = std::any_of(std::begin(forms), std::end(forms), [&](const Form& f) { return kind == f.name; });
  const bool listed = kind == "words" || kind == own_address ||
                      ((kind.starts_with("words with ") || kind.starts_with("one of ") ||
                        kind.starts_with("secret of ") || kind.starts_with(any_case_of) || kind.starts_with(words_of) ||
                        kind.starts_with(words_in_any_case_of) || kind.starts_with(own_address + " with ")) &&
                       !words_of_kind(kind).empty());
  if (known || listed || kind == "secret" || is_map_kind(kind) || range_of(kind) || is_mesos_duration_from(kind) ||
      kind.starts_with(refused) || kind.starts_with(passed_over))
    return "";
  std::string names;
  for (const Form& form : forms) names += form.name + std::string(", ");
  return "it is one of " + names + "words, secret, texts, map, \"one of A, B\", or a range as 1-255";
}

std::string kind_in(const std::string& kind, const std::optional<Version>& version) {
  const std::string bare = without_bound(kind);
  const bool listed = bare.starts_with(words_of) || bare.starts_with(words_in_any_case_of) ||
                      bare.starts_with("one of ") || bare.starts_with(any_case_of) ||
                      kind.find(known_words) != std::string::npos;
  if (!listed) return kind;
  static const RE2 form("([^<>]+)([<>][^,]+)(,?)", RE2::Latin1);
  std::string out;
  for (const std::string& word : split(kind, " ")) {
    std::string name, range, comma;
    const bool ranged = RE2::FullMatch(word, form, &name, &range, &comma);
    const auto versions = VersionRange::parse(range);
    if (ranged && versions && version && !versions->contains(*version)) continue;
    out += (out.empty() ? "" : " ") + (ranged && versions ? name + comma : word);
  }
  return out.ends_with(',') ? out.substr(0, out.size() - 1) : out;
}

std::string why_refused(const std::string& kind) {
  return kind.starts_with(refused) ? kind.substr(refused.size()) : "";
}

std::string why_passed_over(const std::string& kind) {
  return kind.starts_with(passed_over) ? kind.substr(passed_over.size()) : "";
}

bool is_advice(const std::string& kind) {
  return kind.starts_with(advised);
}

std::string why_not_of_kind(const std::string& bounded, const std::string& text) {
  const std::string kind = without_bound(bounded);
  for (const Form& form : forms)
    if (kind == form.name) return form.why(text);
  if (is_secret_kind(kind)) return why_no_secret(kind, text);
  if (kind.starts_with(words_of) || kind.starts_with(words_in_any_case_of)) return why_no_words_of(kind, text);
  if (kind.starts_with("words")) return why_no_words(kind, text);
  if (is_mesos_duration_from(kind)) return why_no_mesos_duration_from(kind, text);
  if (kind.starts_with("one of ")) return why_none_of(kind, text);
  if (kind.starts_with(any_case_of)) return why_none_of_any_case(kind, text);
  const auto range = range_of(kind);
  const auto value = whole(text);
  if (range && value && *value >= range->least && *value <= range->most) return "";
  return range ? range_in_words(*range) : "";
}

std::string why_odd(const std::string& kind, const std::string& text) {
  const auto at = kind.find(known_words);
  if (at == std::string::npos) return "";
  const auto known = split(kind.substr(at + known_words.size()), ", ");
  for (const auto& given : split(text, ",")) {
    const std::string word = trimmed(given);
    if (word != "*" && !std::count(known.begin(), known.end(), word))
      return "\"" + word + "\" is no word that is known" + did_you_mean(word, known);
  }
  return "";
}

bool is_whole_kind(const std::string& kind) {
  return kind == whole_number || range_of(without_bound(kind));
}

bool is_map_kind(const std::string& any) {
  const std::string kind = any.starts_with("secret ") ? any.substr(7) : any;
  return kind == "map" || kind == "texts" || kind == "properties" || kind.starts_with("map without ") ||
         kind.starts_with("map of ") || kind.starts_with("texts without ") || kind.starts_with("properties without ");
}

bool is_secret_kind(const std::string& kind) {
  return kind == "secret" || kind.starts_with("secret ");
}

std::vector<std::string> words_of_kind(const std::string& kind) {
  std::vector<std::string> out;
  for (const char* between : {" without ", " with ", " of ", "one of "}) {
    const auto at = kind.find(between);
    if (at == std::string::npos) continue;
    std::string word;
    for (const char c : kind.substr(at + std::string(between).size()) + " ") {
      if (c != ' ' && c != ',') {
        word += c;
      } else if (!word.empty()) {
        // "16, 24 or 32 bytes"
        if (word != "or" && word != "bytes") out.push_back(word);
        word.clear();
      }
    }
    return out;
  }
  return out;
}

bool fits_any(const std::string& word, const std::vector<std::string>& list) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& pattern) {
    return pattern.ends_with('*') ? word.starts_with(pattern.substr(0, pattern.size() - 1)) : word == pattern;
  });
}

std::optional<Bound> bound_of_kind(const std::string& kind) {
  static const RE2 form(R"((?:-?[0-9]+-[0-9]+), at (least|most) ([A-Za-z0-9_.]+) or ([0-9]{1,6}) \* ([A-Za-z0-9_.]+))");
  Bound out;
  std::string side;
  if (!RE2::FullMatch(kind, form, &side, &out.other, &out.times, &out.unit)) return {};
  out.most = side == "most";
  return out;
}

bool is_own_address(const std::string& kind) {
  return kind == own_address || kind.starts_with(own_address + " with ");
}

bool is_own_name(const std::string& kind) {
  return kind == own_name;
}

std::vector<std::string> needs_of_kind(const std::string& kind) {
  return alternatives(kind, needs);
}

std::vector<std::string> unless_of_kind(const std::string& kind) {
  return alternatives(kind, unless);
}

}  // namespace cctl
