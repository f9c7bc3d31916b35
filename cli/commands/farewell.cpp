#include "commands/farewell.hpp"

#include <unistd.h>

#include "commands/out.hpp"
#include "model/process_group.hpp"
#include "model/report.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

std::string told, doomed;  // a handler of signals can be given nothing else

void say_farewell(int) {
  if (!doomed.empty()) ::unlink(doomed.c_str());
  end_process_groups();
  if (::write(STDERR_FILENO, told.data(), told.size()) < 0) ::_exit(1);
  ::_exit(static_cast<int>(Exit::interrupted));
}

}  // namespace

Farewell::Farewell(const std::string& words) {
  told = for_err("\ninterrupted; " + one_line(words), Kind::note);
  doomed.clear();
  struct sigaction action {};
  action.sa_handler = say_farewell;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    ::sigaction(signal, &action, &before);
    before_.emplace_back(signal, before);
  }
}

Farewell::~Farewell() {
  for (const auto& [signal, before] : before_) ::sigaction(signal, &before, nullptr);
}

void Farewell::takes_along(const std::string& file) {
  doomed = file;
}

}  // namespace cctl
