#include "apply/log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <vector>

#include "model/cut.hpp"
#include "model/secrets.hpp"
#include "model/visible.hpp"

namespace cctl {
void log_line(const std::string& host, const std::string& what) {
  if (!spdlog::should_log(spdlog::level::debug)) return;
  spdlog::debug("{:<10} {}", host.empty() ? "-" : visible(host), visible(without_secrets(what)));
}

std::string name_of_script(const std::string& script) {
  constexpr std::size_t longest = 160;
  const std::string line = script.substr(0, script.find('\n'));
  return line.starts_with("# ") ? line.substr(2) : "run \"" + shortened(line, longest) + "\"";
}

namespace {

struct UnderWay {
  const LoggedCall* call;
  std::string host, what;
  std::chrono::steady_clock::time_point began;
};

// In the order of their begin.
std::vector<UnderWay>& under_way() {
  static std::vector<UnderWay> calls;
  return calls;
}

std::map<std::string, std::chrono::steady_clock::time_point>& last_heard() {
  static std::map<std::string, std::chrono::steady_clock::time_point> hosts;
  return hosts;
}

}  // namespace

LoggedCall::LoggedCall(std::string host, std::string what, Kind kind)
    : host_(std::move(host)), what_(std::move(what)), began_(std::chrono::steady_clock::now()) {
  if (kind == Kind::ends) under_way().push_back({this, host_, what_, began_});
}

void heard_from(const std::string& host) {
  last_heard()[host] = std::chrono::steady_clock::now();
}

std::vector<Waited> waited_for(const Patience& least, const std::set<std::string>& at_work) {
  std::vector<Waited> out;
  const auto now = std::chrono::steady_clock::now();
  for (const UnderWay& one : under_way()) {
    const bool works = at_work.count(one.host) > 0;
    const auto from = works ? std::max(one.began, last_heard()[one.host]) : one.began;
    const auto so_far = std::chrono::duration_cast<std::chrono::milliseconds>(now - from);
    const bool told = std::any_of(out.begin(), out.end(), [&](const Waited& w) { return w.host == one.host; });
    if (so_far >= (works ? least.at_work : least.asked) && !told)
      out.push_back({one.host, visible(without_known_secrets(one.what)), so_far});
  }
  return out;
}

LoggedCall::~LoggedCall() {
  std::erase_if(under_way(), [this](const UnderWay& u) { return u.call == this; });
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_);
  log_line(host_, what_ + ": " + (how_.empty() ? "failed, or was given up" : how_) + ", took " +
                      std::to_string(took.count()) + " ms");
}

}  // namespace cctl
