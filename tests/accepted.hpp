// Texts that were accepted once, and are compared ever after. With CCTL_ACCEPT=1 what is seen now is written instead:
// then nothing was compared, and the test program says that it was skipped.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace cctl::test {

inline constexpr int skipped_code = 77;  // of the program, for ctest
extern int texts_written;                // in main.cpp

inline bool accepting() {
  return std::getenv("CCTL_ACCEPT") != nullptr;
}

inline void accept(const std::filesystem::path& file, const std::string& seen) {
  std::ofstream(file, std::ios::binary) << seen;
  ++texts_written;
}

}  // namespace cctl::test
