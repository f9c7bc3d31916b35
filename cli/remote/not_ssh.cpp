#include "remote/not_ssh.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/cut.hpp"
#include "model/visible.hpp"

namespace cctl {
namespace {

constexpr std::string_view kSsh = "SSH-";

struct Protocol {
  std::string_view name, begins, holds;  // `holds`: somewhere in the first line
};

constexpr Protocol kProtocols[] = {
    {"HTTP", "HTTP/", ""},    {"HTTP", "<!DOCTYPE", ""},      {"HTTP", "<html", ""},
    {"SMTP", "220", "SMTP"},  {"FTP", "220", "FTP"},          {"FTP", "220", "FileZilla"},
    {"POP3", "+OK", ""},      {"IMAP", "* OK", ""},           {"Redis", "-ERR unknown command", ""},
    {"Redis", "-NOAUTH", ""}, {"Redis", "-DENIED Redis", ""}, {"VNC", "RFB ", ""},
    {"AMQP", "AMQP", ""},     {"telnet", "\xff\xfd", ""},     {"telnet", "\xff\xfb", ""},
    {"TLS", "\x15\x03", ""},  {"TLS", "\x16\x03", ""},
};

// What sshd itself says instead of its version.
constexpr std::string_view kOfSshd[] = {"Exceeded MaxStartups", "Not allowed at this time", "Too many"};

// With its end left out; the whole where there is none yet.
std::string_view line_at(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool may_be_ssh(std::string_view bytes) {
  for (std::string_view rest = bytes; !rest.empty();) {
    if (rest.starts_with(kSsh)) return true;
    const auto end = rest.find('\n');
    if (end == rest.npos) return kSsh.starts_with(rest);
    rest.remove_prefix(end + 1);
  }
  return false;
}

std::string quoted(std::string_view line) {
  constexpr std::size_t most = 80;
  return fmt::format("\"{}{}\"", visible(head_of(line, most)), line.size() > most ? "..." : "");
}

}  // namespace

Heard what_was_heard(std::string_view bytes, bool all) {
  if (bytes.empty()) return {};
  if (may_be_ssh(bytes)) return {true, false, ""};
  std::string_view rest = bytes;
  while (!rest.empty() && (rest[0] == '\n' || rest[0] == '\r')) rest.remove_prefix(1);
  const std::string_view line = line_at(rest);
  for (const std::string_view words : kOfSshd)
    if (line.starts_with(words)) return {true, false, ""};
  const bool whole = all || rest.find('\n') != rest.npos;
  for (const Protocol& protocol : kProtocols) {
    if (!rest.starts_with(protocol.begins) || line.find(protocol.holds) == line.npos) continue;
    const bool binary = static_cast<unsigned char>(protocol.begins[0]) < ' ' || protocol.begins[0] == '\xff';
    if (binary) return {false, true, fmt::format("speaks {}, not SSH", protocol.name)};
    return {false, whole, fmt::format("speaks {}, not SSH: {}", protocol.name, quoted(line))};
  }
  return {false, false, "does not speak SSH: " + quoted(line)};
}

}  // namespace cctl
