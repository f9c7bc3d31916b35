// The last words of an app's task, from the sandbox on its slave.
#include "plan/app_words.hpp"

#include <algorithm>
#include <cstdlib>

#include "apply/app_talk.hpp"

namespace cctl {
namespace {

constexpr long kEnd = 4000;
const char* const kStates[] = {"/state", "/state.json"};  // the latter before 0.25
const char* const kFiles[] = {"/stderr", "/stdout"};

}  // namespace

// Its standard error, or else its standard output. What cannot be had is left out.
Task<std::string> AppTalk::last_words(std::string id) {
  std::string out;
  try {
    const std::optional<AppState> now = co_await find(std::move(id));
    const Slaves known = co_await slaves();
    const auto slave = now ? slave_address(known.answer, now->failure.slave) : std::nullopt;
    if (!slave || now->failure.task.empty()) co_return out;
    std::string directory;
    for (const char* path : kStates) {
      if (!directory.empty()) continue;
      HttpCall call;
      call.address = slave->address;
      call.port = slave->port;
      call.path = path;
      const Answer answer = co_await door_.http(std::move(call));
      directory = sandbox_of(answer.body, now->failure.task);
    }
    for (const char* name : kFiles) {
      if (directory.empty() || !out.empty()) continue;
      std::string file = directory + name;
      HttpAddress place = *slave;
      const std::string lines = co_await read_end(std::move(place), std::move(file));
      out = lines;
    }
  } catch (const Error&) {
    // It is only told beside what is known.
  }
  if (!out.empty()) out.insert(0, ": ");
  co_return out;
}

Task<std::string> AppTalk::read_end(HttpAddress slave, std::string file) {
  HttpCall size;
  size.address = slave.address;
  size.port = slave.port;
  size.path = read_path(file, -1, 0);  // how long it is
  HttpCall end = size;
  const Answer long_as = co_await door_.http(std::move(size));
  const long length = std::atol(answer_text(long_as.body, "/offset").c_str());
  end.path = read_path(file, std::max(0L, length - kEnd), kEnd);
  const Answer last = co_await door_.http(std::move(end));
  std::string out = last.status == 200 ? last_lines_of(last.body) : "";
  co_return out;
}

}  // namespace cctl
