// One JSON object per line, for programs.
#include <nlohmann/json.hpp>

#include "report/json_text.hpp"
#include "report/progress.hpp"

namespace cctl {
namespace {

using nlohmann::json;

class Lines : public Progress {
 public:
  Lines(Sink sink, Now now) : sink_(std::move(sink)), now_(std::move(now)) {}

  void note(const std::string& sentence) override { tell({{"event", "note"}, {"text", sentence}}); }
  void leg_started(const Plan& plan, std::size_t leg) override {
    tell({{"event", "leg_started"},
          {"leg", leg + 1},
          {"of", plan.legs.size()},
          {"title", plan.legs.at(leg).title},
          {"reason", plan.legs.at(leg).reason}});
  }
  void wave_started(const Wave& wave) override {
    tell({{"event", "wave_started"}, {"wave", wave.number}, {"title", wave.title}});
  }
  void step_started(const Step& step) override {
    json event = of("step_started", step);
    event["reason"] = step.reason;
    tell(event);
  }
  void pulling(const Step& step, long long done, long long total) override {
    json event = of("pulling", step);
    event["bytes"] = done;
    event["total_bytes"] = total;
    if (total > 0) event["percent"] = done * 100 / total;
    tell(event);
  }
  void waiting(const Awaited& a) override {
    tell({{"event", "waiting"},
          {"host", a.host},
          {"component", a.component},
          {"wanted", a.wanted},
          {"seen", a.seen},
          {"elapsed_ms", a.elapsed.count()},
          {"timeout_ms", a.timeout.count()}});
  }
  void step_ended(const Step& step, const StepReport& report) override {
    json event = of("step_ended", step);
    event["outcome"] = to_text(report.outcome);
    event["text"] = report.text;
    event["took_ms"] = report.took.count();
    tell(event);
  }
  void wave_ended(const Wave& wave) override { tell({{"event", "wave_ended"}, {"wave", wave.number}}); }
  void clear() override {}

 private:
  static json of(const char* event, const Step& step) {
    json out = {{"event", event},
                {"wave", step.wave},
                {"host", step.host},
                {"component", step.component},
                {"action", to_text(step.action)}};
    if (!step.image().empty()) out["image"] = step.image();
    return out;
  }
  void tell(json event) { sink_(event_line(std::move(event), now_())); }

  Sink sink_;
  Now now_;
};

}  // namespace

std::unique_ptr<Progress> make_json_progress(Sink sink, Now now) {
  return std::make_unique<Lines>(std::move(sink), std::move(now));
}

}  // namespace cctl
