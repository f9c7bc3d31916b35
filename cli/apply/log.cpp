#include "apply/log.hpp"

#include <spdlog/spdlog.h>

namespace cctl {
namespace {

// What a host says must not look like lines of ours.
std::string on_one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    out += control ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

}  // namespace

void log_line(const std::string& host, const std::string& what) {
  if (!spdlog::should_log(spdlog::level::debug)) return;
  spdlog::debug("{:<10} {}", host.empty() ? "-" : host, on_one_line(what));
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
