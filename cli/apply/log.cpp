#include "apply/log.hpp"

#include <spdlog/spdlog.h>

#include "model/secrets.hpp"
#include "model/visible.hpp"

namespace cctl {
void log_line(const std::string& host, const std::string& what) {
  if (!spdlog::should_log(spdlog::level::debug)) return;
  spdlog::debug("{:<10} {}", host.empty() ? "-" : visible(host), visible(without_known_secrets(what)));
}

std::string first_line(const std::string& script) {
  constexpr std::size_t longest = 160;
  const std::string line = script.substr(0, script.find('\n'));
  return line.size() > longest ? line.substr(0, longest) + "..." : line;
}

LoggedCall::LoggedCall(std::string host, std::string what)
    : host_(std::move(host)), what_(std::move(what)), began_(std::chrono::steady_clock::now()) {}

LoggedCall::~LoggedCall() {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_);
  log_line(host_, what_ + ": " + (how_.empty() ? "failed, or was given up" : how_) + ", took " +
                      std::to_string(took.count()) + " ms");
}

}  // namespace cctl
