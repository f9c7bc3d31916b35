// Why an engine gives no answer: whether its program runs, and its last words.
#include "model/engine_way.hpp"
#include "plan/engine_words.hpp"
#include "remote/observe.hpp"

namespace cctl {
namespace {

const std::string kRuns = "engine runs", kOff = "engine off";

}  // namespace

// One in a container of this host is another host's. What has not been looked for in full is not known to be off.
std::string silent_engine_script(const std::string& socket) {
  return "exec 2>/dev/null\n" + engine_way_script(false, socket) +
         "own=$(readlink /proc/self/ns/pid)\n"
         "for p in /proc/[0-9]*; do c=; read -r c < \"$p/comm\" || continue\n"
         "case $c in dockerd|dockerd-current|docker-daemon)\n"
         "[ \"$(readlink \"$p/ns/pid\")\" != \"$own\" ] || { echo '" +
         kRuns +
         "'; exit; } ;; esac; done\n"
         "[ -r /proc/1/comm ] && [ \"$(id -u)\" = 0 ] || exit 0\n"
         "echo '" +
         kOff +
         "'\n"
         "journalctl -u docker -n 60 --no-pager -o cat | grep . || tail -n 60 /var/log/docker.log\n";
}

void read_silent_engine(const std::string& answer, ObservedHost& host) {
  const auto off = answer.find(kOff + "\n");
  host.engine_way = engine_way_from(answer.substr(0, off));
  if (off == std::string::npos) return;
  host.engine_off = true;
  host.engine_log = engine_last_word(answer.substr(off + kOff.size() + 1));
}

}  // namespace cctl
