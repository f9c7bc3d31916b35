// A second user who may write, by the list that a directory or a file has beside its mode.
#pragma once
#include <sys/xattr.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace cctl::test {

// As `setfacl -m u:UID:rwx` makes it: the mode's group then says rwx. False: the file system keeps none.
inline bool let_write(const std::string& path, unsigned user) {
  struct Entry {
    std::uint16_t tag, may;
    std::uint32_t who;
  };
  constexpr std::uint32_t version = 2, nobody = ~std::uint32_t{0};
  const Entry list[] = {{1, 7, nobody}, {2, 7, user}, {4, 5, nobody}, {16, 7, nobody}, {32, 5, nobody}};
  char bytes[sizeof version + sizeof list];
  std::memcpy(bytes, &version, sizeof version);
  std::memcpy(bytes + sizeof version, list, sizeof list);
  return ::setxattr(path.c_str(), "system.posix_acl_access", bytes, sizeof bytes, 0) == 0;
}

}  // namespace cctl::test
