// The Docker engine of this machine, as far as it pushes images.
#pragma once
#include <functional>
#include <string>

#include "model/image_name.hpp"
#include "registry/auth.hpp"
#include "registry/web.hpp"

namespace cctl {

struct PushResult {
  std::string digest;
  long long pushed = 0, size = 0;  // bytes of layers that travelled, and of all that were told
};

class LocalEngine {
 public:
  // The path of the engine's socket.
  explicit LocalEngine(std::string socket) : socket_(std::move(socket)) {}

  bool has(const ImageName& image);
  void tag(const ImageName& image, const ImageName& as);
  void untag(const ImageName& image);  // the name only, as long as the image has another
  PushResult push(const ImageName& image, const Login& login,
                  const std::function<void(long long done, long long total)>& moving);

 private:
  WebReply call(WebRequest request, const std::string& what);

  std::string socket_;
  Web web_;
};

// From DOCKER_HOST: "" is the usual one; throws Error (exit 2) when it is no Unix socket.
std::string engine_socket(const std::string& docker_host);

}  // namespace cctl
