#include "registry/sha256.hpp"

#include <openssl/evp.h>

namespace cctl {

Sha256::Sha256() : state_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(state_, EVP_sha256(), nullptr);
}

Sha256::~Sha256() {
  EVP_MD_CTX_free(state_);
}

void Sha256::add(std::string_view bytes) {
  EVP_DigestUpdate(state_, bytes.data(), bytes.size());
}

std::string Sha256::digest() {
  unsigned char raw[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(state_, raw, &size);
  static const char* hex = "0123456789abcdef";
  std::string out = "sha256:";
  for (unsigned int i = 0; i < size; ++i) out += {hex[raw[i] >> 4], hex[raw[i] & 15]};
  return out;
}

std::string digest_of(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.digest();
}

}  // namespace cctl
