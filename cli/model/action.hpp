// What a step does.
#pragma once

namespace cctl {

enum class Action {
  none,
  pull,
  create,
  recreate,
  start,
  restart,
  reload,
  write,
  deploy,
  remove,
  release,
  prepare,
  put_back
};
const char* to_text(Action v);

}  // namespace cctl
