// How much of what hosts, engines and registries answer is taken in. What exceeds it is told, or left out where it says
// so. Bytes, unless it says otherwise.
#pragma once
#include <cstddef>

namespace cctl::limits {

constexpr std::size_t command = std::size_t{64} << 20;            // printed by a command, on both streams
constexpr std::size_t before_mark = std::size_t{64} << 10;        // printed by a login shell before ours begins
constexpr std::size_t lease = std::size_t{1} << 20;               // its first line, and an echo of each beat
constexpr std::size_t probe = std::size_t{1} << 20;               // the answer to one
constexpr std::size_t definition = std::size_t{1} << 20;          // of an app that runs, to be compared
constexpr std::size_t talk = std::size_t{8} << 20;                // an answer that a program of the host takes for us
constexpr std::size_t http_head = std::size_t{64} << 10;          // of an answer, with all that came before it
constexpr std::size_t http_head_lines = 500;                      // the same in lines
constexpr std::size_t http_before = 10;                           // answers before the answer (1xx)
constexpr std::size_t engine_lists = std::size_t{256} << 20;      // all lists of an observation
constexpr std::size_t log = std::size_t{64} << 20;                // the lines that were asked for
constexpr std::size_t log_parts = log / (std::size_t{64} << 10);  // lines: a long one comes in parts
constexpr std::size_t exec = std::size_t{8} << 20;                // printed by a command in a container
constexpr std::size_t pull = std::size_t{256} << 20;              // told by an engine during one pull
constexpr std::size_t layers = 1000;                              // of an image; others are left out of its progress
constexpr std::size_t rows = 20000;                               // containers or images of one engine
constexpr std::size_t row_texts = 500000;                         // labels and names of all of them
constexpr std::size_t lines = 1'000'000;                          // of a host's answer; 64 MiB of base64 have fewer
constexpr std::size_t told = 800;                                 // of one text that is shown
constexpr std::size_t listed = 20;                   // texts of one list that are shown; others are counted
constexpr std::size_t strays = 100;                  // components of a host that are in no inventory, in one run
constexpr std::size_t mistakes = 100;                // in what a person wrote
constexpr std::size_t kept_values = 50'000;          // of a manifest, or of what was prepared: some ten a file
constexpr std::size_t findings = 40;                 // of one check on one host
constexpr std::size_t line = 4000;                   // of one that is shown, a row of a table or of a diff
constexpr std::size_t diff_lines = 400;              // of one file's
constexpr std::size_t diff = std::size_t{32} << 10;  // the same in bytes
constexpr int bearers = 1;                           // challenges of a registry's answer that are met

}  // namespace cctl::limits
