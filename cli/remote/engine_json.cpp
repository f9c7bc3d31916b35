// The pure part of the engine: what goes into requests and comes out of streams.
#include <algorithm>
#include <cstdint>

#include "model/limits.hpp"
#include "model/outside_json.hpp"
#include "remote/engine.hpp"

namespace cctl {

using nlohmann::json;

namespace {

constexpr std::size_t frame_head = 8;  // of a log: which stream, and how long

void add_ports(const ContainerSpec& spec, json& body) {
  for (const auto& entry : spec.publish) {
    auto inside = entry, protocol = std::string("tcp");
    if (const auto slash = inside.find('/'); slash != std::string::npos) {
      protocol = inside.substr(slash + 1);
      inside.erase(slash);
    }
    // [ip:]host:container
    std::string outside, ip;
    if (const auto colon = inside.rfind(':'); colon != std::string::npos) {
      outside = inside.substr(0, colon);
      inside.erase(0, colon + 1);
    }
    if (const auto colon = outside.rfind(':'); colon != std::string::npos) {
      ip = outside.substr(0, colon);
      outside.erase(0, colon + 1);
    }
    const auto port = inside + "/" + protocol;
    body["ExposedPorts"][port] = json::object();
    body["HostConfig"]["PortBindings"][port].push_back({{"HostIp", ip}, {"HostPort", outside}});
  }
}

template <class T>
const T& of_engine(const T& value) {
  return value;
}
json of_engine(const std::map<std::string, std::int64_t>& limits) {
  json out = json::array();
  for (const auto& [name, value] : limits) out.push_back({{"Name", name}, {"Soft", value}, {"Hard", value}});
  return out;
}

// Bytes of one layer; a sum of what is absurd would not fit.
long long amount_in(const json& detail, const char* key) {
  return std::clamp(whole_in(detail, key).value_or(0), 0LL, 1LL << 50);
}

}  // namespace

json create_body(const ContainerSpec& spec) {
  json body = {{"Image", spec.image}, {"HostConfig", {{"RestartPolicy", {{"Name", "unless-stopped"}}}}}};
  // What Docker would do by itself is not told, but for those of which we have a word of our own.
  ContainerSettings<Always> usual;
  usual.network.clear();
  usual.stop_timeout = -1;
  each_setting(
      [&](const ContainerRow& row, const auto& value, const auto& as_usual) {
        if (value != as_usual) body[json::json_pointer(std::string(row.body))] = of_engine(value);
      },
      spec, usual);
  if (!spec.mounts.empty()) body["HostConfig"]["Binds"] = spec.mounts;
  if (!spec.labels.empty()) body["Labels"] = spec.labels;
  for (const auto& [name, value] : spec.env) body["Env"].push_back(name + "=" + value);
  add_ports(spec, body);
  return body;
}

std::pair<std::string, std::string> split_image(const std::string& reference) {
  if (const auto at = reference.find('@'); at != std::string::npos)
    return {reference.substr(0, at), reference.substr(at + 1)};
  const auto colon = reference.rfind(':');
  const auto slash = reference.rfind('/');
  // A colon before the last slash belongs to the registry's port.
  if (colon == std::string::npos || (slash != std::string::npos && colon < slash)) return {reference, "latest"};
  return {reference.substr(0, colon), reference.substr(colon + 1)};
}

void PullStream::feed(std::string_view bytes) {
  lines_.feed(bytes, [this](const std::string& text) { line(text); });
  if (lines_.left_any_out()) throw Error("a line of a pull is longer than 1 MiB");
}

void PullStream::line(const std::string& text) {
  const auto message = parse_outside(text).value;
  if (message.contains("error")) error_ = text_in(message, "error", "the pull failed");
  const auto id = text_in(message, "id"), status = text_in(message, "status");
  if (id.empty()) return;
  const auto& detail = object_in(message, "progressDetail");
  if (layers_.size() >= limits::layers && !layers_.count(id)) return;
  auto& layer = layers_[id];
  sum_.done -= layer.done;
  sum_.total -= layer.total;
  if (status == "Downloading") {
    layer.done = amount_in(detail, "current");
    layer.total = std::max(layer.total, amount_in(detail, "total"));
  }
  if (status == "Download complete" || status == "Pull complete") layer.done = layer.total;
  sum_.done += layer.done;
  sum_.total += layer.total;
}

void LogStream::feed(std::string_view bytes) {
  if (!plain_ && !begun_ && !bytes.empty()) {
    begun_ = true;
    plain_ = static_cast<unsigned char>(bytes[0]) > 2;
  }
  if (plain_) return sink_(1, bytes);
  while (!bytes.empty()) {
    if (left_ == 0) {
      const auto more = std::min(frame_head - head_.size(), bytes.size());
      head_.append(bytes.substr(0, more));
      bytes.remove_prefix(more);
      if (head_.size() < frame_head) return;
      for (std::size_t i = 4; i < frame_head; ++i) left_ = left_ << 8 | static_cast<unsigned char>(head_[i]);
      which_ = static_cast<unsigned char>(head_[0]);
      head_.clear();
    }
    const auto come = std::min<std::size_t>(left_, bytes.size());
    if (come > 0) sink_(which_, bytes.substr(0, come));
    bytes.remove_prefix(come);
    left_ -= static_cast<std::uint32_t>(come);
  }
}

void Lines::feed(std::string_view bytes) {
  lines_.feed(bytes, [this](std::string line) {
    if (line.ends_with('\r')) line.pop_back();
    sink_(std::move(line));
  });
}

void Lines::flush() {
  if (auto rest = lines_.rest(); !rest.empty()) sink_(std::move(rest));
}

}  // namespace cctl
