// Where the project's own files lie. Defined in main.cpp alone, so that no other object depends on the directory it was
// compiled in and a compiler cache serves every checkout.
#pragma once

namespace cctl::test {
extern const char* const source_dir;
}
