// Files as text, and text as characters.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cctl {

// The bytes of a file, or of a pipe that is open here, of at most 16 MiB; otherwise empty, and why in `fault`.
std::optional<std::string> read_text_file(const std::string& path, std::string& fault);

// Without the byte order mark that some editors write.
std::string_view without_bom(std::string_view text);

// Lines without their ends (LF or CR LF).
std::vector<std::string_view> lines_of(std::string_view text);

// Characters in the first `bytes` bytes of a line, and the other way round.
std::size_t characters(std::string_view line, std::size_t bytes);
std::size_t bytes(std::string_view line, std::size_t characters);

// The characters of a text as code points; empty when it is not UTF-8. `fault_at` is then the offset of the first bad
// byte.
std::optional<std::u32string> decode_utf8(std::string_view text, std::size_t& fault_at);

bool is_control(char32_t c);

// A word as an error quotes it: in double quotes, control characters escaped, cut when very long.
std::string quote(std::string_view text);

}  // namespace cctl
