#include "sandbox/docker.hpp"

#include <nlohmann/json.hpp>

#include "model/error.hpp"

namespace cctl {
namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \n", start), text.size());
    if (end > start) words.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

// What `docker inspect` says of each, as JSON.
nlohmann::json inspected(const std::string& kind, const std::vector<std::string>& ids) {
  if (ids.empty()) return nlohmann::json::array();
  std::vector<std::string> args = {kind, "inspect"};
  args.insert(args.end(), ids.begin(), ids.end());
  const ProgramResult result = try_docker(args);
  // Others come and go meanwhile: what is gone is left out of the answer, and said on the side.
  const bool gone =
      result.err.find("not found") != std::string::npos || result.err.find("No such") != std::string::npos;
  if (result.status != 0 && !gone) throw Error("docker " + kind + ": " + trimmed(result.err));
  return nlohmann::json::parse(result.out);
}

// As the engine calls it where nobody else named it.
std::string bridge_of(const nlohmann::json& network) {
  constexpr const char* option = "com.docker.network.bridge.name";
  const auto& options = network["Options"];
  if (options.is_object() && options.contains(option)) return options[option];
  return "br-" + network["Id"].get<std::string>().substr(0, 12);
}

}  // namespace

ProgramResult try_docker(const std::vector<std::string>& args) {
  std::vector<std::string> argv = {"docker"};
  argv.insert(argv.end(), args.begin(), args.end());
  return run_program(argv);
}

std::string docker(const std::vector<std::string>& args, const std::string& input) {
  std::vector<std::string> argv = {"docker"};
  argv.insert(argv.end(), args.begin(), args.end());
  const ProgramResult result = run_program(argv, {.input = input});
  if (result.status != 0)
    throw Error("docker " + args.front() + ": " + trimmed(result.err.empty() ? result.out : result.err));
  return trimmed(result.out);
}

std::vector<LocalContainer> containers_with(const std::string& label) {
  std::vector<LocalContainer> out;
  const auto ids = words_of(docker({"ps", "--all", "--quiet", "--no-trunc", "--filter", "label=" + label}));
  for (const auto& one : inspected("container", ids)) {
    LocalContainer container{
        one["Name"].get<std::string>().substr(1), one["State"]["Status"], one["Config"]["Image"], {}};
    for (const auto& [key, value] : one["Config"]["Labels"].items()) container.labels[key] = value;
    out.push_back(container);
  }
  return out;
}

std::vector<LocalNetwork> networks() {
  std::vector<LocalNetwork> out;
  for (const auto& one : inspected("network", words_of(docker({"network", "ls", "--quiet", "--no-trunc"})))) {
    const auto& config = one["IPAM"]["Config"];
    const bool has_subnet = config.is_array() && !config.empty() && config[0].contains("Subnet");
    out.push_back({one["Name"], has_subnet ? config[0]["Subnet"].get<std::string>() : "", bridge_of(one)});
  }
  return out;
}

}  // namespace cctl
