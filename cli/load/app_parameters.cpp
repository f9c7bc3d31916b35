// container.docker.parameters of an app: words of `docker run`, which the Docker executor hands on as they are.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "load/app_rules.hpp"
#include "load/checks.hpp"
#include "load/text_file.hpp"
#include "model/log_options.hpp"
#include "model/var_kind.hpp"

namespace cctl {
namespace {

// "nofile=1024:2048", as docker run reads it.
std::string why_no_ulimit(const std::string& text) {
  const auto equals = std::min(text.find('='), text.size());
  if (equals == text.size()) return "a limit and its numbers, as nofile=1024:2048";
  if (const std::string why = is_ulimit(text.substr(0, equals)); !why.empty()) return why;
  const std::string numbers = text.substr(equals + 1);
  const auto colon = numbers.find(':');
  const std::string soft = numbers.substr(0, colon),
                    hard = colon == std::string::npos ? soft : numbers.substr(colon + 1);
  if (!is_whole(soft) || !is_whole(hard)) return "a limit and its numbers, as nofile=1024:2048";
  const auto size = [](const std::string& n) { return n[0] == '-' ? ~0ULL : std::strtoull(n.c_str(), nullptr, 10); };
  return size(soft) > size(hard) ? "a soft limit that is no larger than the hard one, which comes second" : "";
}

}  // namespace

// What docker run refuses, it refuses for every task.
void AppCheck::parameters() const {
  const Tree* list = at("container.docker.parameters");
  if (!list || list->kind != Tree::Kind::list || !in_docker()) return;
  std::map<std::string, std::string> options;
  std::map<std::string, const Tree*> at_option;
  const Tree* driver = nullptr;
  const std::string where = of("container.docker.parameters");
  for (const Tree& row : list->items) {
    const Tree *word = row.find("key"), *value = row.find("value");
    if (!word || !value) continue;
    const std::string &key = word->text, &text = value->text;
    const auto equals = std::min(text.find('='), text.size());
    if (key == "log-driver") driver = value;
    if (key == "log-opt" && equals < text.size()) {
      options[text.substr(0, equals)] = text.substr(equals + 1);
      at_option[text.substr(0, equals)] = value;
    }
    if (const std::string why = why_not_of_kind("-1000-1000", text); key == "oom-score-adj" && !why.empty())
      wrong(value->mark, fmt::format("{}: bad oom-score-adj {}: it is {}", where, quote(text), why));
    if (const std::string why = why_no_ulimit(text); key == "ulimit" && !why.empty())
      wrong(value->mark, fmt::format("{}: bad ulimit {}: it is {}", where, quote(text), why));
  }
  if (driver)
    if (const std::string why = why_no_log_driver(driver->text); !why.empty())
      wrong(driver->mark, fmt::format("{}: bad log-driver {}: it is {}", where, quote(driver->text), why));
  const bool whole = false;  // the host's own engine may add some
  for (const auto& fault : log_option_faults(driver ? driver->text : "", options, whole)) {
    const auto found = at_option.find(fault.option);
    wrong(found == at_option.end() ? list->mark : found->second->mark, fmt::format("{}: {}", where, fault.text));
  }
}

}  // namespace cctl
