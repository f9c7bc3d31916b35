// One program for all targets, so that it is linked once: FUZZ_TARGET=name fuzz CORPUS. FUZZ_TARGET=list names them.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>

#include "fuzz.hpp"
#include "model/error.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

std::map<std::string, cctl::fuzz::Target>& targets() {
  static std::map<std::string, cctl::fuzz::Target> all;
  return all;
}
cctl::fuzz::Target chosen = nullptr;

std::string repeated(const std::string& part, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += part;
  return out;
}

// What small steps seldom come to: long runs, many copies, deep nesting, numbers at the edge.
std::string enlarged(std::string text, std::size_t most, std::minstd_rand& random) {
  static const char* const nests[][2] = {{"[", "]"},    {"{\"a\":", "}"},     {"[{\"a\":", "}]"},
                                         {"{a: ", "}"}, {"<%#a%>", "<%/a%>"}, {"- ", ""},
                                         {"a:\n ", ""}, {"(", ")"},           {"*", ""}};
  static const char* const edges[] = {
      "-1", "0", "9223372036854775807", "18446744073709551615", "1e308", "0x7fffffff", "\xff\xfe", "\x1b[2J", "../"};
  const auto pick = [&](std::size_t of) { return of == 0 ? 0 : random() % of; };
  const std::size_t from = pick(text.size() + 1), count = std::size_t{1} << pick(18);
  const std::string slice = text.substr(from, 1 + pick(64));
  switch (pick(5)) {
    case 0:
      text.insert(from, repeated(slice, count));
      break;
    case 1:
      text.insert(from, std::string(count, static_cast<char>(pick(256))));
      break;
    case 2: {
      const auto& nest = nests[pick(std::size(nests))];
      text = text.substr(0, from) + repeated(nest[0], count) + slice + repeated(nest[1], count) + text.substr(from);
      break;
    }
    case 3:
      text.replace(from, pick(20), edges[pick(std::size(edges))]);
      break;
    default:
      text += text;
  }
  if (text.size() > most) text.resize(most);
  return text;
}

}  // namespace

cctl::fuzz::Registered::Registered(const char* name, Target target) {
  targets()[name] = target;
}

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  const char* name = std::getenv("FUZZ_TARGET");
  const auto found = targets().find(name ? name : "");
  if (found == targets().end()) {
    for (const auto& [known, target] : targets()) std::puts(known.c_str());
    std::exit(name && std::string(name) == "list" ? 0 : 2);
  }
  chosen = found->second;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    chosen(text);
  } catch (const cctl::Error&) {
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  std::minstd_rand random(seed);
  if (random() % 16 != 0) return LLVMFuzzerMutate(data, size, most);
  const std::string out = enlarged(std::string(reinterpret_cast<const char*>(data), size), most, random);
  std::memcpy(data, out.data(), out.size());
  return out.size();
}
