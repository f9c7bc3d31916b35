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

}  // namespace

Core::Core(asio::io_context& l, SshOptions o) : loop(l), options(std::move(o)), http(std::make_unique<Http>(l)) {}

Core::~Core() {
  pool.join();
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

const KnownHostsFile& Core::known_hosts_of(const std::string& file) {
  const auto found = known_hosts.find(file);
  return found != known_hosts.end() ? found->second : known_hosts.emplace(file, read_known_hosts(file)).first->second;
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

std::optional<std::string> Core::ask(const std::string& prompt) {
  const std::lock_guard lock(ask_lock_);
  const auto found = answers_.find(prompt);
  if (found != answers_.end()) return found->second;
  if (!options.ask) return std::nullopt;
  return answers_[prompt] = options.ask(prompt);
}

KeyFile Core::load_key(const std::string& path, bool may_ask) {
  const std::lock_guard lock(keys_lock_);
  if (const auto found = keys_.find(path); found != keys_.end()) return found->second;
  KeyFile result;
  result.path = path;
  // A passphrase is asked for once; without anybody to ask, libssh would ask the terminal by itself.
  struct Asker {
    Core* core;
    std::string prompt;
    bool may_ask, wanted = false;
    static int answer(const char*, char* buffer, size_t size, int, int, void* user) {
      auto* self = static_cast<Asker*>(user);
      self->wanted = true;
      const auto text = self->may_ask ? self->core->ask(self->prompt) : std::nullopt;
      if (!text || text->size() + 1 > size) return -1;
      text->copy(buffer, text->size());
      buffer[text->size()] = '\0';
      return 0;
    }
  } asker{this, "Passphrase for " + path, may_ask};
  ssh_key loaded = nullptr;
  const int status = ssh_pki_import_privkey_file(path.c_str(), nullptr, &Asker::answer, &asker, &loaded);
  if (status == SSH_OK)
    result.key = Key(loaded, ssh_key_free);
  else
    result.problem = asker.wanted                        ? "needs a passphrase"
                     : ::access(path.c_str(), R_OK) != 0 ? "cannot be read"
                                                         : "is no private key";
  ssh_key half = nullptr;
  if (result.key ? ssh_pki_export_privkey_to_pubkey(result.key.get(), &half) == SSH_OK
                 : ssh_pki_import_pubkey_file((path + ".pub").c_str(), &half) == SSH_OK) {
    char* text = nullptr;
    if (ssh_pki_export_pubkey_base64(half, &text) == SSH_OK) result.public_base64 = text;
    ssh_string_free_char(text);
    ssh_key_free(half);
  }
  return keys_[path] = result;
}

}  // namespace cctl
