// Base64 as in RFC 4648, for bytes inside JSON and shell text.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace cctl {

std::string to_base64(std::string_view bytes);
// Line ends are skipped; empty when the text is not base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace cctl
