// Settings of a host: files, and nobody who is told of them.
#include "apply/run.hpp"

namespace cctl {

Task<void> Run::act(Begun& begun, const Settings&) {
  co_await write_files(begun);
  co_await ledger(begun.step->host).applied(*begun.instance, *begun.step);
}

}  // namespace cctl
