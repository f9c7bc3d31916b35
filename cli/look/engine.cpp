// The Docker engine as its host shows it: what it says itself is asked of its API.
#include "look/fact.hpp"
#include "look/text.hpp"
#include "model/host_number.hpp"
#include "plan/engine_words.hpp"

namespace cctl {
namespace {

bool read_installed(const Answered& told, Looked& out) {
  out.host.docker_installed = out.facts.docker_installed = !told.lines.empty();
  return true;
}

bool read_engine(const Answered& told, Looked& out) {
  Facts& f = out.facts;
  for (const auto& line : told.lines) {
    const auto [name, value] = Named(line);
    if (name == "runs") f.docker_runs = true;
    if (name == "settings") f.daemon_json_path = value;
    if (name == "files") f.docker_files = value == "unlimited" ? 1LL << 40 : host_number(value);
    if (name == "flag") f.docker_flags.push_back(value);
  }
  return !f.daemon_json_path.empty();
}

// "SIZE MODE OWNER", then its bytes; nothing: there is no such file.
bool read_settings_file(const Answered& told, Looked& out) {
  if (told.lines.empty()) return true;
  const std::string bytes = bytes_of({told.lines.begin() + 1, told.lines.end()});
  if (host_number(told.lines[0]) != static_cast<long long>(bytes.size())) return false;
  out.facts.daemon_json = bytes;
  return true;
}

bool read_off(const Answered& told, Looked& out) {
  out.host.engine_off = line_at(told.lines, 0) == "off";
  if (!out.host.engine_off) return true;
  std::string log;
  for (const auto& line : told.lines) log += line + "\n";
  out.host.engine_log = engine_last_word(log.substr(log.find('\n') + 1));
  return true;
}

}  // namespace

namespace fact {

// Before 1.12 it is `docker daemon`: a client alone has no service.
const Fact engine_installed = {"engine_installed", R"sh(installed=$(
  command -v dockerd || command -v dockerd-current || if command -v docker >/dev/null; then
    for f in /etc/init.d/docker /lib/systemd/system/docker.service /usr/lib/systemd/system/docker.service; do
      [ ! -e "$f" ] || echo "$f"
    done
  fi)
[ -z "$installed" ] || echo "$installed"
)sh",
                               read_installed};
const Fact engine = {.name = "engine",
                     .snippet = R"sh(f=/etc/docker/daemon.json
if [ -n "$dockerd" ]; then
  echo runs
  a=$(tr '\0' '\n' < "$dockerd/cmdline")
  g=$(echo "$a" | awk '/^--config-file=/ {print substr($0, 15)} p {print; p = 0} $0 == "--config-file" {p = 1}')
  [ -z "$g" ] || f=$g
  echo "$a" | awk '{print "flag", $0}'
  awk '/^Max open files/ {print "files", $4}' "$dockerd/limits"
fi
echo "settings $f"
)sh",
                     .read = read_engine,
                     .after = {&programs}};
const Fact engine_settings = {.name = "engine_settings",
                              .snippet = R"sh(if reach "$f" && [ -f "./$entry" ]; then slurp 16; fi
)sh",
                              .read = read_settings_file,
                              .after = {&engine}};
// What has not been looked for in full is not known to be off.
const Fact engine_off = {.name = "engine_off",
                         .snippet = R"sh(if [ -z "$dockerd" ] && [ -r /proc/1/comm ] && [ "$me" = 0 ]; then
  echo off
  journalctl -u docker -n 60 --no-pager -o cat | grep . || tail -n 60 /var/log/docker.log
fi
)sh",
                         .read = read_off,
                         .after = {&programs}};
const Fact loop_storage = {"loop_storage", "[ ! -e /var/lib/docker/devicemapper/devicemapper/data ] || echo loop\n",
                           read_yes<&Facts::loop_storage>};
const Fact engine_package = {
    .name = "engine_package",
    .snippet = R"sh(if [ -z "$installed" ] && [ -n "$packages" ] && [ "$packages" != apt-get ]; then
  for p in docker moby-engine docker-ce; do
    if $packages -q list available $p >/dev/null; then echo $p; break; fi
  done
fi
)sh",
    .read = read_text<&Facts::docker_package>,
    .after = {&packages, &engine_installed}};

}  // namespace fact
}  // namespace cctl
