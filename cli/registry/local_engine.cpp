#include "registry/local_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/base64.hpp"
#include "model/error.hpp"
#include "model/limits.hpp"
#include "model/line_splitter.hpp"
#include "model/outside_json.hpp"
#include "model/shell_words.hpp"
#include "registry/excerpt.hpp"

namespace cctl {
namespace {

using nlohmann::json;

constexpr long push_idle_timeout = 600;  // the engine is silent while it packs a large layer

std::string path_of(const ImageName& image) {
  return "http://docker/images/" + image.text();
}

// The engine wants base64 for URLs.
std::string auth_header(const Login& login, const std::string& host) {
  const json said =
      login.known() ? json{{"username", login.user}, {"password", login.password}, {"serveraddress", login_name(host)}}
                    : json::object();
  std::string text = to_base64(said.dump());
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return "X-Registry-Auth: " + text;
}

std::string message_in(const std::string& body) {
  return excerpt(text_in(parse_outside(body).value, "message", body), 1000);
}

// Such that a thousand of them add up.
long long size_in(const json& of, const char* key) {
  return std::clamp(whole_in(of, key).value_or(0), 0LL, 1LL << 50);
}

// What the engine tells while it pushes, line by line.
class Told {
 public:
  explicit Told(const std::function<void(long long, long long)>& moving) : moving_(moving) {}

  void take(std::string_view bytes) {
    lines_.feed(bytes, [this](const std::string& text) { line(parse_outside(text).value); });
  }

  PushResult result;
  std::string error;

 private:
  void line(const json& event) {
    if (event.contains("error")) error = excerpt(text_in(event, "error", "it failed without a reason"), 1000);
    const std::string digest = text_in(object_in(event, "aux"), "Digest");
    if (is_digest(digest)) result.digest = digest;
    const std::string status = text_in(event, "status"), id = text_in(event, "id");
    const json& detail = object_in(event, "progressDetail");
    if (layers_.size() >= limits::layers && !layers_.count(id)) return;
    if (status == "Pushing" && whole_in(detail, "current")) {
      Layer& layer = layers_[id];
      layer.done = size_in(detail, "current");
      layer.total = std::max(layer.done, size_in(detail, "total"));
    } else if (status == "Pushed") {
      layers_[id].done = layers_[id].total;
    } else {
      return;
    }
    result.pushed = result.size = 0;
    for (const auto& [name, layer] : layers_) result.pushed += layer.done, result.size += layer.total;
    moving_(result.pushed, result.size);
  }

  struct Layer {
    long long done = 0, total = 0;
  };
  const std::function<void(long long, long long)>& moving_;
  std::map<std::string, Layer> layers_;
  LineSplitter lines_;
};

}  // namespace

std::string engine_socket(const std::string& docker_host) {
  if (docker_host.empty()) return "/var/run/docker.sock";
  if (docker_host.starts_with("unix://")) return docker_host.substr(7);
  throw Error("DOCKER_HOST is \"" + docker_host + "\", but images push asks an engine of this machine: unix:///...", 2);
}

WebReply LocalEngine::call(WebRequest request, const std::string& what) {
  request.socket = socket_;
  try {
    return web_.send(request);
  } catch (const WebError& e) {
    throw Error(fmt::format("while {}: no Docker engine answers at {}: {}", what, socket_, e.what()));
  }
}

bool LocalEngine::has(const ImageName& image) {
  WebRequest request;
  request.url = path_of(image) + "/json";
  const WebReply reply = call(std::move(request), "looking for " + image.text());
  if (reply.status != 200 && reply.status != 404)
    throw Error(
        fmt::format("the Docker engine answers {} for {}: {}", reply.status, image.text(), message_in(reply.body)));
  return reply.status == 200;
}

void LocalEngine::tag(const ImageName& image, const ImageName& as) {
  WebRequest request;
  request.method = "POST";
  request.url = path_of(image) +
                "/tag?repo=" + percent_encoded((as.host.empty() ? "" : as.host + "/") + as.repository) +
                "&tag=" + percent_encoded(as.tag);
  const WebReply reply = call(std::move(request), "naming " + image.text());
  if (reply.status != 201)
    throw Error(
        fmt::format("the Docker engine does not name {} {}: {}", image.text(), as.text(), message_in(reply.body)));
}

void LocalEngine::untag(const ImageName& image) {
  WebRequest request;
  request.method = "DELETE";
  request.url = path_of(image) + "?noprune=true";
  call(std::move(request), "taking the name " + image.text() + " away");
}

PushResult LocalEngine::push(const ImageName& image, const Login& login,
                             const std::function<void(long long done, long long total)>& moving) {
  Told told(moving);
  WebRequest request;
  request.method = "POST";
  request.url = "http://docker/images/" + (image.host.empty() ? "" : image.host + "/") + image.repository +
                "/push?tag=" + percent_encoded(image.tag);
  request.headers = {auth_header(login, image.host)};
  request.idle_timeout = push_idle_timeout;
  request.sink = [&](long, std::string_view bytes) { told.take(bytes); };
  const WebReply reply = call(std::move(request), "pushing " + image.text());
  if (reply.status != 200) told.error = message_in(reply.body);
  if (told.error.find("HTTP response to HTTPS client") != std::string::npos)
    told.error += "; add " + image.host + " to insecure-registries of this machine's Docker engine";
  if (told.error.find("unauthorized") != std::string::npos || told.error.find("no basic auth") != std::string::npos)
    told.error += "; " + shell_line({"docker", "login", image.host});
  if (!told.error.empty()) throw Error(told.error);
  return told.result;
}

}  // namespace cctl
