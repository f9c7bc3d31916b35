#include "registry/local_engine.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "model/base64.hpp"
#include "model/error.hpp"

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
  const json parsed = json::parse(body, nullptr, false);
  return parsed.is_object() ? parsed.value("message", body) : body;
}

// What the engine tells while it pushes, line by line.
class Told {
 public:
  explicit Told(const std::function<void(long long, long long)>& moving) : moving_(moving) {}

  void take(std::string_view bytes) {
    rest_.append(bytes);
    for (std::size_t end; (end = rest_.find('\n')) != std::string::npos; rest_.erase(0, end + 1))
      line(json::parse(rest_.substr(0, end), nullptr, false));
  }

  PushResult result;
  std::string error;

 private:
  void line(const json& event) {
    if (!event.is_object()) return;
    if (event.contains("error")) error = event["error"].get<std::string>();
    if (event.contains("aux")) result.digest = event["aux"].value("Digest", "");
    const std::string status = event.value("status", ""), id = event.value("id", "");
    const json detail = event.value("progressDetail", json::object());
    if (status == "Pushing" && detail.contains("current")) {
      Layer& layer = layers_[id];
      layer.done = detail["current"];
      layer.total = std::max(layer.done, detail.value("total", 0LL));
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
  std::string rest_;
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
    told.error += "; docker login " + image.host;
  if (!told.error.empty()) throw Error(told.error);
  return told.result;
}

}  // namespace cctl
