#include "load/ssh.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "load/text_file.hpp"
#include "model/jump.hpp"
#include "model/local_owner.hpp"
#include "model/local_way.hpp"
#include "model/read_local.hpp"
#include "model/shell_words.hpp"

namespace cctl {

namespace {

std::string full_path(const std::string& path, const std::string& directory) {
  if (path == "~" || path.starts_with("~/")) {
    const char* home = std::getenv("HOME");
    return (home ? home : "") + path.substr(1);
  }
  if (path.starts_with('/') || directory.empty()) return path;
  return (std::filesystem::path(directory) / path).lexically_normal().string();
}

// Pasted in the place of its file.
bool is_key_text(const std::string& text) {
  return text.find("-----BEGIN ") != text.npos || text.starts_with("ssh-rsa ") || text.starts_with("ssh-ed25519 ") ||
         text.starts_with("ecdsa-sha2-");
}

constexpr bool hidden = true;

// Empty: it can.
std::string why_unread(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return "it is a directory";
  return access(file.c_str(), R_OK) != 0 ? std::strerror(errno) : way_to_read(file).foreign;
}

Read path(const Reader& r, std::optional<std::string>& out, const std::string& directory, bool must_be_readable) {
  return [&r, &out, directory, must_be_readable](const Tree& tree) {
    if (is_key_text(tree.text))
      return r.mistakes.error(tree.mark,
                              fmt::format("{} is the path of a file, and the text of a key stands here; write that "
                                          "to a file of mode 0600, and name the file",
                                          tree.key),
                              hidden);
    const auto text = r.scalar(tree, any_word);
    if (!text) return;
    if (text->starts_with('-'))
      return r.mistakes.error(tree.mark, "bad " + tree.key + " " + quote(*text) + ": a leading dash");
    out = full_path(*text, directory);
    if (const std::string why = must_be_readable ? why_unread(*out) : ""; !why.empty())
      r.mistakes.error(tree.mark, tree.key + " " + quote(*out) + " cannot be read: " + why);
  };
}

bool is_public_key(const std::string& file) {
  constexpr std::size_t longest = 1 << 20;
  std::istringstream in(read_private(file, longest).text);
  std::string word;
  return in >> word && (word.starts_with("ssh-") || word.starts_with("ecdsa-") || word.starts_with("sk-"));
}

// What it holds is for nobody else.
Read secret_file(const Reader& r, std::optional<std::string>& out, const std::string& directory) {
  return [&r, &out, take = path(r, out, directory, true)](const Tree& tree) {
    take(tree);
    struct stat about {};
    if (!out || stat(out->c_str(), &about) != 0 || !S_ISREG(about.st_mode) || (about.st_mode & 077) == 0) return;
    if (is_public_key(*out)) return;  // names a key of the agent
    r.mistakes.error(tree.mark, fmt::format("{} {} may be read by others (mode {:04o}); chmod 600 {}", tree.key,
                                            quote(*out), about.st_mode & 07777, shell_word(*out)));
  };
}

// Its owner can read it, whatever its mode is: to whom we believe it is no secret. A key of another's is of use to us
// alone where ssh says so, too.
Read password_file(const Reader& r, std::optional<std::string>& out, const std::string& directory) {
  return [&r, &out, take = secret_file(r, out, directory)](const Tree& tree) {
    take(tree);
    struct stat about {};
    if (!out || stat(out->c_str(), &about) != 0 || !S_ISREG(about.st_mode) || is_believed(about.st_uid)) return;
    r.mistakes.error(tree.mark, fmt::format("{} {} belongs to another user (uid {}), who can read it; chown {} {}",
                                            tree.key, quote(*out), about.st_uid, geteuid(), shell_word(*out)));
  };
}

// The word `prompt` and nothing else: the line is not shown again, it may hold a password.
Read password(const Reader& r, std::optional<bool>& out) {
  return [&r, &out](const Tree& tree) {
    out = tree.kind == Tree::Kind::text && tree.text == "prompt";
    if (!*out)
      r.mistakes.error(tree.mark, "password can only be \"prompt\"; a password itself stands in a password_file",
                       hidden);
  };
}

// One machine on the way, as text or as {host, user, port, key, password, password_file}.
void read_hop(const Tree& tree, const Reader& r, const std::string& directory, std::vector<JumpHop>& hops) {
  if (tree.kind != Tree::Kind::map) {
    const auto text = r.scalar(tree, is_jump);
    if (!text) return;
    const auto more = parse_jump(*text);
    hops.insert(hops.end(), more->begin(), more->end());
    return;
  }
  JumpHop hop;
  r.map(tree, {
                  {"host", r.text(hop.host, is_address), true},
                  {"user", r.text(hop.user, is_user)},
                  {"port", r.number(hop.port, 1, 65535)},
                  {"key", secret_file(r, hop.key, directory)},
                  {"password", password(r, hop.password_prompt)},
                  {"password_file", password_file(r, hop.password_file, directory)},
              });
  hops.push_back(std::move(hop));
}

Read jump(const Reader& r, std::optional<std::vector<JumpHop>>& out, const std::string& directory) {
  return [&r, &out, directory](const Tree& tree) {
    std::vector<JumpHop> hops;
    if (tree.kind != Tree::Kind::list) {
      read_hop(tree, r, directory, hops);
    } else {
      if (tree.items.empty()) r.mistakes.error(tree.mark, "jump is empty; for hosts that need no jump it is `none`");
      for (const Tree& item : tree.items) {
        if (item.kind == Tree::Kind::text && item.text == "none")
          r.mistakes.error(item.mark, "bad jump \"none\": it is no item of a list, but stands alone");
        else
          read_hop(item, r, directory, hops);
      }
    }
    out = std::move(hops);
  };
}

}  // namespace

SshSettings read_ssh(const Tree& tree, const Reader& r, const std::string& directory) {
  SshSettings ssh;
  const auto config = [&](const Tree& item) {
    if (item.text == "none")
      ssh.config = item.text;
    else
      path(r, ssh.config, directory, true)(item);
  };
  // A file called none would come into being where somebody means to have no file.
  const auto known_hosts = [&](const Tree& item) {
    if (item.text == "none")
      r.mistakes.error(item.mark, "bad known_hosts \"none\": it is a file; ./none where it is really called so");
    else
      path(r, ssh.known_hosts, directory, false)(item);
  };
  r.map(tree, {
                  {"user", r.text(ssh.user, is_user)},
                  {"port", r.number(ssh.port, 1, 65535)},
                  {"key", secret_file(r, ssh.key, directory)},
                  {"agent", r.boolean(ssh.agent)},
                  {"password", password(r, ssh.password_prompt)},
                  {"password_file", password_file(r, ssh.password_file, directory)},
                  {"jump", jump(r, ssh.jump, directory)},
                  {"become",
                   r.word<std::optional<std::string>, std::string>(ssh.become, {{"sudo", "sudo"}, {"none", "none"}})},
                  {"host_key",
                   r.word<std::optional<HostKeyPolicy>, HostKeyPolicy>(
                       ssh.host_key, {{"strict", HostKeyPolicy::strict}, {"accept-new", HostKeyPolicy::accept_new}})},
                  {"known_hosts", known_hosts},
                  {"config", config},
                  {"docker_host", r.text(ssh.docker_host, is_engine_socket)},
              });
  return ssh;
}

bool is_ssh_word(const std::string& word) {
  static const std::set<std::string> words = [] {
    Mistakes none;
    SchemaWords all;
    Tree empty;
    empty.key = "ssh";
    empty.kind = Tree::Kind::map;
    read_ssh(empty, Reader(none, &all), "");
    return all.keys["ssh"];
  }();
  return words.contains(word);
}

}  // namespace cctl
