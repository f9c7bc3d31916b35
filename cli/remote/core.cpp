#include "remote/core.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "remote/http.hpp"

namespace cctl {
namespace {

// A run that is given up ends without destructors.
void remove_at_quick_exit(const std::string& directory) {
  static std::string left;
  if (left.empty()) {
    std::at_quick_exit([] {
      std::error_code ignored;
      std::filesystem::remove_all(left, ignored);
    });
  }
  left = directory;
}

// The value of `entry`, fetched by whoever is first. One who is cancelled meanwhile leaves it to the next.
template <class T, class Fetch>
Task<T> shared(std::shared_ptr<Shared<T>> entry, Fetch fetch) {
  while (entry->busy) co_await entry->done.wait();
  if (entry->value) co_return *entry->value;
  struct Busy {
    Shared<T>& entry;
    explicit Busy(Shared<T>& e) : entry(e) { entry.busy = true; }
    ~Busy() {
      entry.busy = false;
      entry.done.wake();
    }
  } busy(*entry);
  entry->value = co_await fetch();
  co_return *entry->value;
}

template <class T>
std::shared_ptr<Shared<T>> entry_of(std::map<std::string, std::shared_ptr<Shared<T>>>& entries, const std::string& name,
                                    asio::io_context& loop) {
  auto& entry = entries[name];
  if (!entry) entry = std::make_shared<Shared<T>>(loop);
  return entry;
}

}  // namespace

Core::Core(asio::io_context& l, SshOptions o)
    : loop(l), options(std::move(o)), threads(l), http(std::make_unique<Http>(l)), asked_(l) {}

Core::~Core() {
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
}

std::shared_ptr<HostTraffic> Core::traffic_of(const std::string& label) {
  auto& counters = traffic[label];
  if (!counters) {
    counters = std::make_shared<HostTraffic>();
    counters->host = label;
  }
  return counters;
}

std::string Core::socket_path() {
  if (directory_.empty()) {
    const auto base = std::filesystem::temp_directory_path() / "cctl-XXXXXX";
    std::string name = base.string();
    if (!::mkdtemp(name.data())) throw Error("cannot make a private directory in " + base.parent_path().string());
    directory_ = name;
    remove_at_quick_exit(name);
  }
  return directory_ + "/" + std::to_string(next_socket_++);
}

const KnownHostsFile& Core::known_hosts_of(const std::string& file) const {
  static const KnownHostsFile not_read = {{}, {}, {}, "a known_hosts file has not been read"};
  const auto found = known_hosts.find(file);
  return found == known_hosts.end() ? not_read : found->second;
}

Task<void> Core::read_known_hosts_files(std::vector<std::string> files) {
  for (const auto& file : files) {
    if (known_hosts.count(file)) continue;
    auto work = [file] { return read_known_hosts(file); };
    auto read = co_await threads.run(work);
    known_hosts.emplace(file, std::move(read));
  }
}

Task<KeyText> Core::key_text(std::string path) {
  auto fetch = [this, path]() -> Task<KeyText> {
    auto work = [path] { return read_key(path); };
    co_return co_await threads.run(work);
  };
  auto entry = entry_of(texts_, path, loop);
  co_return co_await shared(entry, fetch);
}

Task<KeyFile> Core::key(KeyText text, bool may_ask) {
  auto fetch = [this, text, may_ask]() -> Task<KeyFile> {
    auto work = [text] { return parse_key(text, std::nullopt); };
    auto file = co_await threads.run(work);
    if (!file.wants_passphrase || !may_ask) co_return file;
    auto prompt = "Passphrase for " + text.path;
    const auto passphrase = co_await ask(std::move(prompt));
    if (!passphrase) co_return file;
    auto again = [text, passphrase] { return parse_key(text, passphrase); };
    co_return co_await threads.run(again);
  };
  // A key that nobody was asked to open may still be opened for another host.
  auto entry = entry_of(keys_, (may_ask ? "ask " : "") + text.path, loop);
  co_return co_await shared(entry, fetch);
}

Task<AgentAnswer> Core::agent(std::string socket, std::chrono::milliseconds limit) {
  auto fetch = [this, socket, limit]() -> Task<AgentAnswer> {
    AgentAnswer answer;
    auto look = [](Core& core, std::string path, AgentAnswer& out) -> Task<void> {
      auto work = [path] { return list_agent(path); };
      try {
        out.keys = co_await core.threads.run(work);
      } catch (const Error& error) {
        out.problem = error.what();
      }
    };
    auto looking = look(*this, socket, answer);
    const bool in_time = co_await within(loop, limit, std::move(looking));
    if (!in_time) answer.problem = "no answer in " + std::to_string(limit.count()) + " ms from " + socket;
    co_return answer;
  };
  auto entry = entry_of(agents_, socket, loop);
  co_return co_await shared(entry, fetch);
}

Task<std::optional<std::string>> Core::ask(std::string prompt) {
  if (!options.ask) co_return std::nullopt;
  while (asking_) co_await asked_.wait();
  if (const auto known = answers_.find(prompt); known != answers_.end()) co_return known->second;
  struct Asking {
    Core& core;
    explicit Asking(Core& c) : core(c) { core.asking_ = true; }
    ~Asking() {
      core.asking_ = false;
      core.asked_.wake();
    }
  } asking(*this);
  auto work = [question = options.ask, prompt] { return question(prompt); };
  const auto answer = co_await threads.run(work);
  answers_[prompt] = answer;
  co_return answer;
}

void Core::warn(const std::string& text) {
  if (options.warn && warned_.insert(text).second) options.warn(text);
}

}  // namespace cctl
