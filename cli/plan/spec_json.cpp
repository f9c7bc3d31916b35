#include "plan/spec_json.hpp"

#include <openssl/sha.h>

#include <nlohmann/json.hpp>

#include "model/error.hpp"
#include "model/outside_json.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

using nlohmann::json;

template <class T>
void put(json& out, std::string_view key, const T& value, const T& usual) {
  if (value != usual) out[std::string(key)] = value;
}

// A setting as the words of a command.
template <class T>
void add_words(std::vector<std::string>& out, std::string_view flag, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out.emplace_back(flag);
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    for (const auto& one : value) add_words(out, flag, one);
  } else if constexpr (std::is_same_v<T, std::map<std::string, std::int64_t>>) {
    for (const auto& [name, limit] : value) add_words(out, flag, name + "=" + std::to_string(limit));
  } else {
    out.emplace_back(flag);
    if constexpr (std::is_same_v<T, std::string>)
      out.push_back(value);
    else
      out.push_back(std::to_string(value));
  }
}

}  // namespace

std::string canonical_json(const ContainerSpec& s) {
  const ContainerSpec usual;
  json out = json::object();
  out["image"] = s.image;
  each_setting(
      [&](const ContainerRow& row, const auto& value, const auto& as_usual) { put(out, row.name, value, as_usual); }, s,
      usual);
  put(out, "env", s.env, usual.env);
  put(out, "mounts", s.mounts, usual.mounts);
  put(out, "publish", s.publish, usual.publish);
  auto labels = s.labels;
  for (const char* ours : {label::cluster, label::component, label::version, label::spec}) labels.erase(ours);
  put(out, "labels", labels, usual.labels);
  return out.dump();
}

std::string sha256_hex(const std::string& bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  static const char* hex = "0123456789abcdef";
  std::string out;
  for (unsigned char c : digest) out += {hex[c >> 4], hex[c & 15]};
  return out;
}

std::vector<std::string> docker_run_words(const ContainerSpec& s) {
  std::vector<std::string> out = {"docker", "run", "-d", "--restart", "unless-stopped", "--name", s.name};
  const auto add = [&](std::string_view flag, const std::vector<std::string>& values) {
    for (const auto& v : values) out.emplace_back(flag), out.push_back(v);
  };
  ContainerSettings<Always> usual;
  usual.network = "bridge";  // Docker's own, where nothing is said
  each_setting(
      [&](const ContainerRow& row, const auto& value, const auto& as_usual) {
        if (row.name == "dns") add("-v", s.mounts), add("-p", s.publish);
        if (row.name == "user")
          for (const auto& [k, v] : s.env) add("-e", {k + "=" + v});
        if (value != as_usual && !row.flag.empty()) add_words(out, row.flag, value);
      },
      s, usual);
  std::vector<std::string> args = s.args;
  if (!s.entrypoint.empty()) {
    add("--entrypoint", {s.entrypoint.front()});
    args.insert(args.begin(), s.entrypoint.begin() + 1, s.entrypoint.end());
  }
  out.push_back(s.image);
  out.insert(out.end(), args.begin(), args.end());
  return out;
}

std::string docker_run_line(const ContainerSpec& spec) {
  return shell_line(docker_run_words(spec));
}

std::map<std::string, std::string> texts_of_json(const std::string& text) {
  const auto read = parse_outside(text).value;
  if (!read.is_object()) throw Error("\"" + text + "\" is no map of settings");
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : read.items())
    out[name] = value.is_string() ? value.get<std::string>() : value.dump();
  return out;
}

}  // namespace cctl
