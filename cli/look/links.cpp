// The network as the kernel has it, and names.
#include "look/fact.hpp"
#include "look/text.hpp"
#include "model/host_number.hpp"

namespace cctl {

namespace {

bool read_addresses(const Answered& told, Looked& out) {
  for (const auto& line : told.lines) out.facts.addresses.insert(cut_text(line));
  return !told.lines.empty();
}

bool read_routes(const Answered& told, Looked& out) {
  for (const auto& line : told.lines) {
    const auto w = words_in(line);
    if (w.size() < 8 || w[0] == "Iface") continue;
    out.facts.routes.push_back({line_at(w, 0), from_kernel(w[1]), from_kernel(w[7]), from_kernel(w[2]) == 0});
  }
  return !told.lines.empty();  // the table has a head
}

bool read_neighbours(const Answered& told, Looked& out) {
  for (const auto& line : told.lines) {
    const auto w = words_in(line);  // address, hardware type, flags, MAC: a flag of 2 says that somebody answered
    if (w.size() >= 4 && host_number(w[2].substr(w[2].find('x') + 1), 16) & 2)
      out.facts.neighbours[line_at(w, 0)] = line_at(w, 3);
  }
  return !told.lines.empty();  // the table has a head
}

bool read_links(const Answered& told, Looked& out) {
  for (const auto& line : told.lines) {
    const auto w = words_in(line);
    if (w.size() >= 2) out.facts.links.push_back({line_at(w, 0), line_at(w, 2), static_cast<int>(host_number(w[1]))});
  }
  return !told.lines.empty();
}

bool read_nameservers(const Answered& told, Looked& out) {
  for (const auto& line : told.lines)
    if (const auto w = words_in(line); w.size() >= 2) out.facts.nameservers.push_back(line_at(w, 1));
  return true;
}

}  // namespace

namespace fact {

const Fact resolved = {.name = "resolved",
                       .snippet = R"sh(if command -v getent >/dev/null; then getent ahostsv4 "$host" | awk '{print $1}'
else awk -v h="$host" '$1 !~ /[#:]/ {for (i = 2; i <= NF; i++) if ($i == h) print $1}' /etc/hosts; fi
)sh",
                       .read = read_lines<&Facts::resolved>,
                       .after = {&hostname}};
const Fact addresses = {"addresses", R"sh(awk '/\|--/ {a = $2} /32 host LOCAL/ {print a}' /proc/net/fib_trie
)sh",
                        read_addresses};
const Fact routes = {"routes", "cat /proc/net/route\n", read_routes};
const Fact neighbours = {"neighbours", "cat /proc/net/arp\n", read_neighbours};
const Fact links = {"links", R"sh(for d in /sys/class/net/*; do
  a=; read -r a < "$d/address"; v=; read -r v < "$d/mtu"; echo "${d##*/} $v $a"
done
)sh",
                    read_links};
const Fact nameservers = {"nameservers", "grep '^nameserver' /etc/resolv.conf\n", read_nameservers};

}  // namespace fact
}  // namespace cctl
