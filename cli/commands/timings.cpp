#include "commands/timings.hpp"

#include <unistd.h>

#include "commands/out.hpp"
#include "report/table.hpp"
#include "report/words.hpp"

namespace cctl {

void tell_timings(World& world) {
  if (!world.options().timings) return;
  std::vector<Row> rows = {
      {{"HOST"}, {"LOGIN"}, {"CONNECTIONS"}, {"ROUND TRIPS"}, {"COMMANDS"}, {"HTTP"}, {"CHANNELS"}, {"IN"}, {"OUT"}}};
  for (const auto& [host, t] : world.network().traffic()) {
    rows.push_back({{host},
                    {duration(t.login)},
                    {std::to_string(t.tcp_connections)},
                    {std::to_string(t.exchanges)},
                    {std::to_string(t.execs)},
                    {std::to_string(t.http_requests)},
                    {std::to_string(t.channels)},
                    {bytes(static_cast<long long>(t.bytes_in))},
                    {bytes(static_cast<long long>(t.bytes_out))}});
  }
  write_err(table(rows, look_of(STDERR_FILENO, world.options().color)));
}

}  // namespace cctl
