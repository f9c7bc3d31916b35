// What a stranger said, fit for a message: short, on one line, plain letters. Pure.
#pragma once
#include <string>
#include <string_view>

#include "model/cut.hpp"

namespace cctl {

inline std::string excerpt(std::string_view text, std::size_t longest = 200) {
  std::string out = head_of(text, longest);
  for (char& c : out)
    if (c < ' ' || c > '~') c = '?';
  return text.size() > longest ? out + "..." : out;
}

}  // namespace cctl
