// A Marathon in memory: it takes definitions, runs what fits its offers after a while, and undoes what is cancelled. A
// deployment ends once its tasks have started; those of "exit 3" end two seconds later, again and again.
#pragma once
#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "apply/doors.hpp"

namespace cctl::fake {

struct MarathonApp {
  std::string definition, before;        // before: of the deployment under way; empty: the app was new
  std::string deployment;                // of the last change
  std::chrono::milliseconds changed{0};  // when it began
  std::string version;                   // of the definition, without the number of instances
  std::string read;                      // the file of its host that its tasks have read
};

class Marathon {
 public:
  std::map<std::string, MarathonApp> apps;             // by path: "/v2/apps//web"
  double offered = 1000;                               // MB of memory that slaves have left; their size is 2976
  bool tells_time = true;                              // in the header "date"
  bool leaderless = false;                             // answers 502
  std::optional<std::chrono::milliseconds> led_again;  // from then on there is a leader
  std::map<std::string, Answer> strangers;             // by address and port: what another program there answers
  std::string refused;                                 // the path of an app that it answers 422 to
  std::string file;                                    // what tasks that start now read

  Answer answer(const HttpCall& call, std::chrono::milliseconds now);

 private:
  void show_tasks(nlohmann::json& out, const MarathonApp& app, std::chrono::milliseconds now) const;
  bool runs(const MarathonApp& app, std::chrono::milliseconds now) const;
  std::string shown(const MarathonApp& app, std::chrono::milliseconds now) const;
  Answer of_slave(const HttpCall& call, std::chrono::milliseconds now) const;
  std::string queue(std::chrono::milliseconds now) const;
  Answer change(const HttpCall& call, std::chrono::milliseconds now);
  Answer cancel(const std::string& deployment, std::chrono::milliseconds now);
  Answer began(MarathonApp& app, std::chrono::milliseconds now, int status);

  int deployments_ = 0;
};

}  // namespace cctl::fake
