#include "remote/engine.hpp"
#include "fuzz.hpp"
#include "remote/engine_lists.hpp"

using namespace cctl;

FUZZ(engine_lists) {
  ObservedHost host;
  if (fuzz::choice(text, 2))
    read_containers(text, host);
  else
    read_images(text, host);
}

FUZZ(engine_streams) {
  PullStream pull;
  LogStream logs([](int, std::string_view) {});
  const std::size_t piece = 1 + fuzz::choice(text, 200);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const auto part = std::string_view(text).substr(at, piece);
    pull.feed(part);
    logs.feed(part);
  }
  pull.progress();
}
