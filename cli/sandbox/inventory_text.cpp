#include "sandbox/inventory_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "model/among.hpp"
#include "model/error.hpp"
#include "model/mistake.hpp"

namespace cctl {
namespace {

// A YAML string in double quotes.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "\"";
}

std::string hosts_of(const Layout& layout, const std::string& role) {
  std::string out;
  for (const SandboxNode& node : layout.nodes()) {
    if (node.role == role) out += fmt::format("\n  - {{name: {}, address: {}}}", node.name, node.address);
  }
  return out.empty() ? " []" : out;
}

void replace(std::string& text, const std::string& word, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size())
    text.replace(at, word.size(), by);
}

void check_keys(const std::vector<std::string>& known, const SandboxOptions& options) {
  std::vector<std::string> asked = options.only;
  for (const auto& [key, version] : options.versions) asked.push_back(key);
  for (const std::string& key : asked) {
    if (!among(known, key)) {
      std::vector<std::string> once;  // several components may go by one key
      for (const std::string& word : known)
        if (!among(once, word)) once.push_back(word);
      throw Error(
          fmt::format("unknown component \"{}\"{}; known: {}", key, did_you_mean(key, known), fmt::join(once, ", ")),
          2);
    }
  }
}

// Versions of components that the template leaves out.
std::string more_versions(const std::vector<std::string>& in_template, const SandboxOptions& options) {
  std::string out;
  for (const auto& [key, version] : options.versions)
    if (std::find(in_template.begin(), in_template.end(), key) == in_template.end())
      out += "  " + key + ": " + quoted(version) + "\n";
  return out;
}

// Behind a line of settings: they are for sandboxes that have a component of this version's key.
constexpr const char* with = " @WITH ";

}  // namespace

std::string sandbox_inventory(const std::string& template_text, const Layout& layout, const SandboxOptions& options) {
  std::istringstream lines(template_text);
  std::string out, line;
  std::vector<std::string> known;
  bool in_versions = false;
  while (std::getline(lines, line)) {
    if (line.rfind("  ", 0) != 0) {
      if (in_versions) out += more_versions(known, options);
      in_versions = line == "versions:";
    }
    if (in_versions && line != "versions:") {
      const std::string key = line.substr(2, line.find(':') - 2);
      known.push_back(key);
      if (!options.only.empty() && std::count(options.only.begin(), options.only.end(), key) == 0) continue;
      if (const auto at = options.versions.find(key); at != options.versions.end())
        line = "  " + key + ": " + quoted(at->second);
    }
    // Settings of what is not in this sandbox would have no effect, and every command would say so.
    if (const auto mark = line.find(with); mark != std::string::npos) {
      const std::string key = line.substr(mark + std::strlen(with), line.rfind('@') - mark - std::strlen(with));
      const bool has = options.versions.contains(key) || std::count(known.begin(), known.end(), key) > 0;
      const bool wanted = options.only.empty() || std::count(options.only.begin(), options.only.end(), key) > 0;
      if (!has || !wanted) continue;
      line.erase(mark);
    }
    if (line.find("@REGISTRY@") != std::string::npos && layout.images != "recipes") continue;
    out += line + "\n";
  }
  known.insert(known.end(), options.known.begin(), options.known.end());
  check_keys(known, options);
  replace(out, "@SUBNET@", layout.subnet);
  replace(out, "@CLUSTER@", layout.cluster);
  replace(out, "@KEY@", quoted(layout.key_file()));
  replace(out, "@KNOWN_HOSTS@", quoted(layout.known_hosts_file()));
  replace(out, "@REGISTRY@", layout.registry());
  for (const char* role : {"masters", "slaves", "lbs"})
    replace(out, fmt::format(" @{}@", role), hosts_of(layout, role));
  return out;
}

}  // namespace cctl
