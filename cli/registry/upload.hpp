// One blob on its way into a registry, in pieces. What is not finished leaves nothing there.
#pragma once
#include <string>
#include <string_view>

#include "registry/manifest.hpp"
#include "registry/registry.hpp"

namespace cctl {

class Upload {
 public:
  Upload(Registry& to, std::string repository, Blob blob);
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  void write(std::string_view bytes);
  // Only after the caller has seen that the digest is right.
  void finish();

 private:
  void begin();
  void send_piece();
  WebReply pushed(WebRequest request);

  Registry& to_;
  std::string repository_;
  Blob blob_;
  std::string location_;  // empty: not begun
  std::string piece_;
  long long sent_ = 0;
};

}  // namespace cctl
