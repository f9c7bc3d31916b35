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
void put(json& out, const char* key, const T& value, const T& usual) {
  if (value != usual) out[key] = value;
}

}  // namespace

std::string canonical_json(const ContainerSpec& s) {
  const ContainerSpec usual;
  json out = json::object();
  out["image"] = s.image;
  put(out, "entrypoint", s.entrypoint, usual.entrypoint);
  put(out, "args", s.args, usual.args);
  put(out, "env", s.env, usual.env);
  put(out, "user", s.user, usual.user);
  put(out, "network", s.network, usual.network);
  put(out, "pid", s.pid, usual.pid);
  put(out, "privileged", s.privileged, usual.privileged);
  put(out, "init", s.init, usual.init);
  put(out, "cap_add", s.cap_add, usual.cap_add);
  put(out, "cap_drop", s.cap_drop, usual.cap_drop);
  put(out, "security_opt", s.security_opt, usual.security_opt);
  put(out, "mounts", s.mounts, usual.mounts);
  put(out, "publish", s.publish, usual.publish);
  put(out, "dns", s.dns, usual.dns);
  put(out, "ulimits", s.ulimits, usual.ulimits);
  put(out, "memory", s.memory, usual.memory);
  put(out, "stop_timeout", s.stop_timeout, usual.stop_timeout);
  put(out, "stop_signal", s.stop_signal, usual.stop_signal);
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
  auto add = [&](const std::string& flag, const std::string& value) {
    out.push_back(flag);
    out.push_back(value);
  };
  if (s.network != "bridge") add("--network", s.network);
  if (!s.pid.empty()) add("--pid", s.pid);
  if (s.privileged) out.push_back("--privileged");
  if (s.init) out.push_back("--init");
  for (const auto& v : s.cap_add) add("--cap-add", v);
  for (const auto& v : s.cap_drop) add("--cap-drop", v);
  for (const auto& v : s.security_opt) add("--security-opt", v);
  for (const auto& v : s.mounts) add("-v", v);
  for (const auto& v : s.publish) add("-p", v);
  for (const auto& v : s.dns) add("--dns", v);
  for (const auto& [k, v] : s.ulimits) add("--ulimit", k + "=" + std::to_string(v));
  for (const auto& [k, v] : s.env) add("-e", k + "=" + v);
  if (!s.user.empty()) add("--user", s.user);
  if (s.memory) add("--memory", std::to_string(s.memory));
  if (!s.stop_signal.empty()) add("--stop-signal", s.stop_signal);
  if (s.stop_timeout != 10) add("--stop-timeout", std::to_string(s.stop_timeout));
  std::vector<std::string> args = s.args;
  if (!s.entrypoint.empty()) {
    add("--entrypoint", s.entrypoint.front());
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
