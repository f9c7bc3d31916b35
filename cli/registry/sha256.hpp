// The digest of bytes that pass by.
#pragma once
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace cctl {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  std::string digest();  // "sha256:..."; nothing may be added afterwards

 private:
  evp_md_ctx_st* state_;
};

std::string digest_of(std::string_view bytes);

}  // namespace cctl
