// Parsers as libFuzzer sees them: FUZZ(name) { ... } gets one input as `text`. An Error is an answer; anything else
// that comes out, a crash, a leak or a hang is a find.
#pragma once
#include <string>

namespace cctl::fuzz {

using Target = void (*)(const std::string& text);

struct Registered {
  Registered(const char* name, Target target);
};

// The last byte, by which a target chooses between a few ways: JSON may end with a space, a tab or a line end.
inline unsigned choice(const std::string& text, unsigned of) {
  return text.empty() ? 0 : static_cast<unsigned char>(text.back()) % of;
}

}  // namespace cctl::fuzz

#define FUZZ(name)                                                            \
  static void fuzz_##name(const std::string& text);                           \
  static const cctl::fuzz::Registered registered_##name(#name, &fuzz_##name); \
  static void fuzz_##name([[maybe_unused]] const std::string& text)
