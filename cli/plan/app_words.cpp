#include "plan/app_words.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "model/cut.hpp"
#include "model/outside_json.hpp"
#include "plan/json_at.hpp"

namespace cctl {
namespace {

using nlohmann::json;

constexpr std::size_t kLines = 2, kLongest = 200;

bool has_task(const json& executor, const std::string& task) {
  if (text_at(executor, "/id") == task) return true;
  for (const char* list : {"/tasks", "/completed_tasks", "/queued_tasks"})
    for (const auto& one : list_at(executor, list))
      if (text_at(one, "/id") == task) return true;
  return false;
}

// "I1121 10:14:22.664 ..." of glog, and what a command executor says of its own doings.
bool is_of_mesos(const std::string& line) {
  const bool glog = line.size() > 5 && std::string("IWEF").find(line[0]) != std::string::npos &&
                    std::all_of(line.begin() + 1, line.begin() + 5, [](char c) { return c >= '0' && c <= '9'; });
  if (glog) return true;
  for (const char* start :
       {"Registered ", "Subscribed ", "Received ", "Starting task ", "Forked command ", "Command exited ",
        "Executing pre-exec", "Running ", "Launching ", "Shutting down", "Sending SIG", "Changing root"})
    if (line.starts_with(start)) return true;
  return line.starts_with("sh -c '") || line.starts_with("WARNING: Your kernel does not support");
}

std::string quoted(const std::string& path) {
  static const char* const digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto code = static_cast<unsigned char>(c);
    if (std::isalnum(code) || std::string("/._-").find(c) != std::string::npos)
      out += c;
    else
      out += std::string("%") + digits[code >> 4] + digits[code & 15];
  }
  return out;
}

}  // namespace

std::optional<HttpAddress> slave_address(const std::string& slaves, const std::string& slave) {
  for (const auto& one : list_at(parse_outside(slaves).value, "/slaves")) {
    if (text_at(one, "/id") != slave) continue;
    const std::string pid = text_at(one, "/pid");  // slave(1)@10.0.0.1:5051
    return http_address("http://" + pid.substr(pid.find('@') + 1) + "/");
  }
  return std::nullopt;
}

std::string sandbox_of(const std::string& answer, const std::string& task) {
  const json state = parse_outside(answer).value;
  for (const char* frameworks : {"/frameworks", "/completed_frameworks"})
    for (const auto& framework : list_at(state, frameworks))
      for (const char* executors : {"/executors", "/completed_executors"})
        for (const auto& executor : list_at(framework, executors))
          if (has_task(executor, task)) return text_at(executor, "/directory");
  return "";
}

std::string read_path(const std::string& file, long offset, long length) {
  return "/files/read?path=" + quoted(file) + "&offset=" + std::to_string(offset) +
         (length > 0 ? "&length=" + std::to_string(length) : "");
}

std::string last_lines_of(const std::string& answer) {
  const std::string text = text_at(parse_outside(answer).value, "/data");
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    std::string line = text.substr(from, end - from);
    if (line.ends_with('\r')) line.pop_back();
    if (line.find_first_not_of(" \t") != std::string::npos && !is_of_mesos(line))
      lines.push_back(head_of(line, kLongest));
    from = end + 1;
  }
  std::string out;
  for (std::size_t i = lines.size() > kLines ? lines.size() - kLines : 0; i < lines.size(); ++i)
    out += (out.empty() ? "" : " | ") + lines[i];
  return out;
}

}  // namespace cctl
