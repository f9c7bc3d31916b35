#include "door.hpp"

#include <algorithm>
#include <sstream>

#include "apply/scripts.hpp"
#include "look/look.hpp"
#include "model/base64.hpp"
#include "model/engine_way.hpp"
#include "model/manifest_json.hpp"
#include "model/path.hpp"
#include "model/prepared_json.hpp"
#include "plan/app_spec.hpp"
#include "plan/entries.hpp"
#include "plan/extract.hpp"
#include "plan/spec_json.hpp"

namespace cctl::fake {

namespace {

// One that was told no port has that which it is asked at.
bool listens_at(const Container& container, int port) {
  const auto told = container.spec.env.find("PORT");
  return told == container.spec.env.end() || told->second == std::to_string(port);
}

// As the engine lists it: by its id alone once its tag is another's.
std::string listed_image(const Container& container, const Machine& machine) {
  const auto tagged = machine.images.find(container.spec.image);
  const bool still = tagged != machine.images.end() && tagged->second == container.image_id;
  return still ? container.spec.image : container.image_id;
}

}  // namespace

Door::~Door() {
  if (machine().lock == this) machine().lock = nullptr;
}

Task<Facts> Door::look(LookRequest request) {
  co_await world_.begin("look " + host_);
  Facts out = read_look(machine().facts, request, "@@").facts;
  world_.end();
  co_return out;
}

Task<Looked> Door::observe(LookRequest request) {
  co_await world_.begin("observe " + host_);
  Looked looked;
  if (!request.facts.empty()) looked = read_look(machine().facts, request, "@@");
  ObservedHost& out = looked.host;
  out.name = host_;
  out.reachable = true;
  out.image_ids = machine().images;
  for (const auto& [tag, id] : machine().images) out.images.insert(tag);
  for (const auto& c : machine().containers)
    out.containers.push_back({c.id, c.name, listed_image(c, machine()), c.image_id,
                              machine().engine_lists_ended && c.state == "exited" ? "running" : c.state, "",
                              c.spec.labels});
  for (const auto& path : request.paths) {
    ObservedFile& seen = out.files[path];
    seen.exists = machine().directories.count(path) > 0;
    const auto file = machine().files.find(path);
    if (file == machine().files.end()) continue;
    seen = {true, sha256_hex(file->second.content), file->second.mode, file->second.owner, ""};
    if (request.content_paths.count(path)) seen.content = file->second.content;
  }
  for (const auto& directory : request.listed)
    for (const auto& [path, file] : machine().files)
      if (parent_of(path) == directory)
        out.entries[directory].push_back({path.substr(directory.size() + 1), 'f', file.content.empty()});
  for (const auto& app : request.apps) {
    for (const auto& address : app.addresses) {
      HttpCall call;
      call.address = address;
      call.port = app.port;
      call.path = app_path(app.id);
      const Answer answer = world_.marathon.answer(call, world_.time);
      auto seen = observed_app(app.id, answer);
      if (!seen) continue;
      out.apps[app.id] = std::move(*seen);
      break;
    }
  }
  if (auto found = machine().files.find(manifest_path(request.cluster)); found != machine().files.end())
    out.manifest = manifest_from_json(found->second.content);
  if (auto found = machine().files.find(prepared_path(request.cluster)); found != machine().files.end())
    out.prepared = prepared_from_json(found->second.content).done;
  if (machine().lock) out.holder = machine().holder;
  out.docker_installed = true;
  if (machine().engine_silent) out.engine_error = "docker: no answer in 10 s";
  if (!engine_answers()) {
    out.engine_error = "docker: the socket is missing";
    out.engine_off = true;
    out.engine_way = engine_way_from(machine().way);
    out.engine_log = "fatal is no setting";
  }
  if (!out.engine_error.empty()) out.containers.clear(), out.images.clear(), out.image_ids.clear();
  if (out.engine_error.empty() && request.engine_info) out.engine_info = machine().engine_has;
  world_.end();
  co_return looked;
}

// Answers like ZooKeeper's srvr: a mode, once it serves.
Task<std::vector<ProbeResult>> Door::probe(std::vector<Probe> probes, std::string container) {
  co_await world_.begin("probe " + host_ + " " + container);
  const Container* c = machine().find(container);
  const std::string component = c ? world_.component_of(*c) : "";
  const bool serves = c && world_.serves(host_, component);
  Answer answer;
  const bool alone = world_.members[component].size() == 1;
  answer.body = alone                               ? "Mode: standalone\n"
                : world_.leader(component) == host_ ? "Mode: leader\n"
                                                    : "Mode: follower\n";
  answer.status = 200;
  std::vector<ProbeResult> out;
  for (const auto& p : probes) {
    if (!machine().unasked.empty()) {
      out.push_back(no_answer(p, machine().unasked));
      out.back().asked = false;
      continue;
    }
    HttpCall call;
    call.address = p.address;
    call.port = p.port;
    call.path = p.path;
    if (p.path.starts_with("/v2/"))
      out.push_back(judge(p, world_.marathon.answer(call, world_.time)));
    else
      out.push_back(serves && listens_at(*c, p.port) ? judge(p, answer) : no_answer(p, "connection refused"));
  }
  world_.end();
  co_return out;
}

Task<Answer> Door::http(HttpCall call) {
  co_await world_.begin(call.method + " " + call.path);
  const auto file = machine().files.find("/etc/web/web.cfg");
  world_.marathon.file = file == machine().files.end() ? "" : file->second.content;
  const Answer out = world_.marathon.answer(call, world_.time);
  world_.end();
  co_return out;
}

Task<CommandResult> Door::run(std::string script, std::string input) {
  co_await world_.begin("run " + host_);
  CommandResult out;
  if (script == survey_script())
    out = survey(input);
  else if (script == clear_script())
    out = clear(input);
  else if (script.starts_with("'engine' "))
    out = engine_command(script.substr(9), input);
  else if (script.starts_with("way_clears="))
    out.out = machine().way;
  else if (script == "date +%s.%N")
    out.out = std::to_string(1000.0 + machine().clock_ahead + std::chrono::duration<double>(world_.time).count());
  else if (script.starts_with("'tidy' "))
    world_.log.push_back("tidy " + script.substr(7) + " " + host_);
  else if (script.starts_with("'"))
    out = command(script);
  else
    out.exit_status = 127;
  world_.end();
  co_return out;
}

CommandResult Door::command(const std::string& script) {
  machine().commands.push_back(script);
  CommandResult out;
  out.exit_status = static_cast<int>(machine().failing.count(script));
  return out;
}

// A service that does not start with settings that are "fatal" to it, as it does not know yet; that refuses "refused"
// ones when it is told of them, too; and that knows of "known" ones when it is asked beforehand.
CommandResult Door::engine_command(const std::string& word, const std::string& input) {
  CommandResult out;
  const auto file = machine().files.find("/etc/engine.json");
  const std::string settings = file == machine().files.end() ? "{}" : file->second.content;
  const auto has = [](const std::string& text, const char* what) { return text.find(what) != std::string::npos; };
  bool& dead = machine().engine_dead;
  const std::string& odd = machine().refuses;
  const bool refused = has(settings, "refused") || (!odd.empty() && has(settings, odd.c_str()));
  if (word == "'restart'") {
    dead = refused || has(settings, "fatal");
    if (!dead) world_.restart_engine(host_);
  } else if (word == "'reload'" && !machine().dies_of.empty() && has(settings, machine().dies_of.c_str())) {
    dead = true;
    out = {1, "the engine ended over it\n", ""};
  } else if (word == "'reload'" && (dead || refused)) {
    out = {1, "the engine refused it: refused is no setting\n", ""};
  } else if (word == "'accepts'") {
    if (has(input, "known")) out = {1, "known is no setting\n", ""};
  } else if (word == "'alive'") {
    out.exit_status = dead;
  } else if (word == "'log'") {
    out.out = "loading\nfailed to load: fatal is no setting\n";
  }
  const bool told = word == "'restart'" || word == "'reload'";
  if (told && out.exit_status == 0 && !dead) machine().engine_has = settings;
  if (told) world_.log.push_back("engine " + word + " " + host_);
  return out;
}

bool Door::engine_answers() {
  if (machine().engine_dead) return false;
  const auto& commands = machine().commands;
  return machine().engine_from.empty() ||
         std::find(commands.begin(), commands.end(), machine().engine_from) != commands.end();
}

CommandResult Door::survey(const std::string& input) {
  CommandResult out;
  std::istringstream lines(input);
  for (std::string line; std::getline(lines, line);) {
    if (line[0] == 'w') continue;
    const std::string path = line.substr(2);
    const auto file = machine().files.find(path);
    if (line[0] == 'd')
      out.out += machine().directories.count(path) ? "+\n" : "-\n";
    else if (file == machine().files.end())
      out.out += "-\n";
    else
      out.out += std::to_string(file->second.content.size()) + " " + file->second.mode.substr(1) + " " +
                 file->second.owner + "\n" + to_base64(file->second.content) + "\n";
  }
  return out;
}

CommandResult Door::clear(const std::string& input) {
  CommandResult out;
  std::istringstream lines(input);
  auto& files = machine().files;
  auto& directories = machine().directories;
  for (std::string line; std::getline(lines, line);) {
    if (line[0] == 'w') continue;
    const std::string path = line.substr(2);
    if (line[0] == 'f') files.erase(path);
    if (line[0] == 't') {
      std::erase_if(files, [&](const auto& f) { return within(f.first, path); });
      std::erase_if(directories, [&](const auto& d) { return within(d, path); });
    }
    if (line[0] != 'd' || !directories.count(path)) continue;
    const auto inside = [&](const std::string& p) { return p != path && within(p, path); };
    const bool full = std::any_of(files.begin(), files.end(), [&](const auto& f) { return inside(f.first); }) ||
                      std::any_of(directories.begin(), directories.end(), inside);
    if (full)
      out.out += path + "\n";
    else
      directories.erase(path);
  }
  return out;
}

void Door::make_directory(const std::string& path) {
  machine().directories.insert(path);
  for (const auto& parent : above(path)) machine().directories.insert(parent);
}

Task<void> Door::put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files, std::set<std::string>) {
  std::string what = "put " + host_;
  for (const auto& f : files) what += " " + f.path;
  co_await world_.begin(std::move(what));
  for (const auto& d : directories) make_directory(d.path);
  for (const auto& f : files) {
    for (const auto& parent : above(f.path)) machine().directories.insert(parent);
    machine().files[f.path] = f;
    if (f.absent) machine().files.erase(f.path);
    if (world_.dies_in_put()) {
      world_.die();
      throw Killed();
    }
  }
  world_.end();
}

Task<std::string> Door::hold(std::string script) {
  co_await world_.begin("hold " + host_);
  const std::string mark = "printf '%s\\n' '";
  const auto from = script.find(mark) + mark.size();
  std::string answer = "held";
  if (machine().lock) {
    answer = "busy " + machine().holder;
  } else {
    machine().lock = this;
    machine().holder = script.substr(from, script.find('\'', from) - from);
  }
  world_.end();
  co_return answer;
}

bool Door::holding() const {
  return world_.machines.at(host_).lock == this;
}

}  // namespace cctl::fake
