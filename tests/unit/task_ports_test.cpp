#include "plan/task_ports.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("the ports of tasks are read out of resources, as text and as JSON") {
  const auto text_of = [](const std::string& resources) {
    std::string out;
    const auto ranges = task_ports_of(resources);
    if (!ranges) return std::string("usual");
    for (const auto& range : *ranges) out += (out.empty() ? "" : " ") + to_text(range);
    return out;
  };
  struct Row {
    const char *resources, *ports;
  };
  for (const Row& row :
       {Row{"", "usual"},
        {"cpus:2;mem:1024", "usual"},
        {"ports:[31000-32000]", "31000-32000/tcp"},
        {"cpus:2;ports:[1000-2000, 3000-4000];mem:1", "1000-2000/tcp 3000-4000/tcp"},
        {"ports(web):[80-81];ports(*):[90-91]", "80-81/tcp 90-91/tcp"},
        {"reports:[1-2]", "usual"},
        {"ports : [1-2]", "1-2/tcp"},
        {"file:///etc/mesos/resources", "usual"},
        {"[{", "usual"},
        {R"([{"name": "ports", "type": "RANGES", "ranges": {"range": [{"begin": 21000, "end": 24000}]}}])",
         "21000-24000/tcp"},
        {R"([{"name": "cpus"}, {"name": "ports"}, {"name": "ports", "ranges": 5}, 7])", "usual"}}) {
    INFO(row.resources);
    CHECK(text_of(row.resources) == row.ports);
  }
}
