#include "apply/app_talk.hpp"

#include <algorithm>
#include <utility>

#include "model/cut.hpp"
#include "model/joined.hpp"
#include "model/outside_json.hpp"
#include "model/percent.hpp"
#include "plan/app_fit.hpp"
#include "plan/app_pulse.hpp"
#include "plan/app_spec.hpp"
#include "plan/app_stuck.hpp"
#include "plan/app_watch.hpp"
#include "plan/json_at.hpp"

namespace cctl {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kTalkPause{300};
constexpr milliseconds kFailOver{15000};

bool good(const Answer& answer) {
  return answer.status >= 200 && answer.status < 300;
}

// Marathon's own words about a refusal.
std::string words_of(const Answer& answer) {
  const std::string text = cut_text(answer_text(answer.body, "/message")),
                    details = cut_text(answer_text(answer.body, "/details"));
  return "Marathon answered " + std::to_string(answer.status) + (text.empty() ? "" : ": " + text) +
         (details.empty() || details == "[]" ? "" : " " + details);
}

[[noreturn]] void refuse(const Answer& answer, const std::string& id) {
  if (answer.status == 409)
    throw Error("another deployment of " + id + " is under way (" + answer_text(answer.body, "/deployments/0/id") +
                    "): clusterctl app list shows it, clusterctl app deploy --force goes over it",
                5);
  if (answer.status == 404) throw NoSuchApp(words_of(answer));
  const bool of_the_line = answer.status == 400 || answer.status == 422;
  throw Error(words_of(answer), of_the_line ? 2 : 1);
}

std::string forced(bool force) {
  return force ? "?force=true" : "?force=false";
}

}  // namespace

AppTalk AppTalk::patient(Clock& clock) && {
  clock_ = &clock;
  return std::move(*this);
}

// Why none has answered; empty: one has. Between two leaders all answer 5xx; where one is down, another program may
// listen in its place.
Task<std::string> AppTalk::ask_each(const HttpCall& question, const Wanted& wanted, Answer& answer) {
  std::vector<std::pair<std::string, std::vector<std::string>>> faults;  // and who gives it
  for (const auto& address : addresses_) {
    HttpCall call = question;
    call.address = address;
    std::string error;
    try {
      answer = co_await door_.http(std::move(call));
      if (answer.status < 500) {
        error = not_marathons(wanted.what, wanted.id, answer);
        if (error.empty()) co_return "";
      } else {
        error = words_of(answer);
      }
    } catch (const Unreachable&) {
      throw;  // the host that asks is gone, which says nothing about Marathon
    } catch (const Error& e) {
      error = e.what();
    }
    const auto same = std::find_if(faults.begin(), faults.end(), [&](const auto& f) { return f.first == error; });
    if (same == faults.end())
      faults.push_back({error, {address}});
    else
      same->second.push_back(address);
  }
  std::string out;
  for (const auto& [error, by] : faults) out += (out.empty() ? "" : "; ") + joined(by, ", ") + ": " + error;
  co_return out.empty() ? "no Marathon is known" : out;
}

Task<Answer> AppTalk::ask(std::string method, std::string path, std::string body, Wanted wanted) {
  HttpCall question;
  question.method = std::move(method);
  question.port = port_;
  question.path = std::move(path);
  question.body = std::move(body);
  for (;;) {
    Answer answer;
    const std::string error = co_await ask_each(question, wanted, answer);
    if (error.empty()) {
      silent_since_.reset();
      co_return answer;
    }
    if (clock_ && !silent_since_) silent_since_ = clock_->now();
    if (!clock_ || clock_->now() - *silent_since_ >= kFailOver)
      throw Error("no Marathon took the request: " + error + "; clusterctl status shows why", 3);
    co_await clock_->sleep(kTalkPause);
  }
}

// From 1.5 what the definition no longer says goes; before that Marathon keeps the fields that it is not told of.
Task<std::string> AppTalk::put(std::string id, std::string definition, bool force) {
  std::string path = app_path(id) + forced(force) + "&partialUpdate=false";
  Wanted about{Asked::change, id};
  const Answer answer = co_await ask("PUT", std::move(path), definition, std::move(about));
  if (good(answer)) co_return deployment_of(answer);
  if (answer.status == 409) {
    // Told before: by a run that was killed, or by a request whose answer a leader took with it.
    const AppState wanted = app_state(definition);
    const std::optional<AppState> now = co_await find(id);
    if (now && now->digest == wanted.digest && now->instances == wanted.instances && now->deployments.size() == 1)
      co_return now->deployments.front();
  }
  refuse(answer, id);
}

Task<std::string> AppTalk::scale(std::string id, int instances, bool force) {
  std::string path = app_path(id) + forced(force), change = "{\"instances\":" + std::to_string(instances) + "}";
  Wanted about{Asked::change, id};
  const Answer answer = co_await ask("PUT", std::move(path), std::move(change), std::move(about));
  if (!good(answer)) refuse(answer, id);
  co_return deployment_of(answer);
}

Task<std::string> AppTalk::restart(std::string id) {
  std::string path = app_path(id) + "/restart?force=true", body = "{}";
  Wanted about{Asked::change, id};
  const Answer answer = co_await ask("POST", std::move(path), std::move(body), std::move(about));
  if (!good(answer)) refuse(answer, id);
  co_return deployment_of(answer);
}

Task<std::string> AppTalk::remove(std::string id, bool force) {
  std::string path = app_path(id) + forced(force), body;
  Wanted about{Asked::change, id};
  const Answer answer = co_await ask("DELETE", std::move(path), std::move(body), std::move(about));
  if (!good(answer)) refuse(answer, id);
  co_return deployment_of(answer);
}

Task<bool> AppTalk::cancel(std::string deployment) {
  std::string path = "/v2/deployments/" + percent_encoded(deployment), body;
  Wanted about{Asked::change, {}};
  const Answer answer = co_await ask("DELETE", std::move(path), std::move(body), std::move(about));
  co_return good(answer);
}

Task<bool> AppTalk::under_way(std::string deployment) {
  std::string path = "/v2/deployments", body;
  Wanted about{Asked::deployments, {}};
  const Answer answer = co_await ask("GET", std::move(path), std::move(body), std::move(about));
  if (!good(answer)) throw Error(words_of(answer));
  const nlohmann::json all = parse_outside(answer.body).value;
  for (const auto& one : all)
    if (text_at(one, "/id") == deployment) co_return true;
  co_return false;
}

Task<std::vector<AppState>> AppTalk::list() {
  std::string path = "/v2/apps?embed=apps.lastTaskFailure", body;
  Wanted about{Asked::apps, {}};
  const Answer answer = co_await ask("GET", std::move(path), std::move(body), std::move(about));
  if (!good(answer)) throw Error(words_of(answer));
  co_return app_states(answer);
}

Task<std::optional<AppState>> AppTalk::find(std::string id) {
  std::string path = app_path(id), body;
  Wanted about{Asked::app, id};
  const Answer answer = co_await ask("GET", std::move(path), std::move(body), std::move(about));
  std::optional<AppState> out;
  if (answer.status == 404) co_return out;
  if (!good(answer)) refuse(answer, id);
  out = app_state(answer);
  co_return out;
}

Task<std::string> AppTalk::version() {
  std::string path = "/v2/info", body;
  Wanted about{Asked::info, {}};
  const Answer answer = co_await ask("GET", std::move(path), std::move(body), std::move(about));
  if (!good(answer)) throw Error(words_of(answer));
  co_return answer_text(answer.body, "/version");
}

Task<std::string> AppTalk::why_stuck(std::string id, std::string definition) {
  try {
    std::string queue_path = "/v2/queue?embed=lastUnusedOffers", none;
    Wanted about{Asked::advice, {}};
    const Answer queue = co_await ask("GET", std::move(queue_path), none, std::move(about));
    std::string app_words = app_path(id) + "?embed=app.lastTaskFailure";
    Wanted about_now{Asked::advice, {}};
    const Answer now = co_await ask("GET", std::move(app_words), none, std::move(about_now));
    std::string why = app_stuck(id, queue.body, now.body);
    if (!why.empty()) co_return why;
    if (definition.empty()) definition = app_definition(now.body);
    const Slaves known = co_await slaves();
    why = app_too_large(definition, known.answer);
    co_return why.empty() ? app_without_room(definition, known.answer) : why;
  } catch (const Error& e) {
    co_return e.what();
  }
}

Task<AppFit> AppTalk::fit(std::string definition) {
  const Slaves known = co_await slaves();
  AppFit out;
  out.too_large = app_too_large(definition, known.answer);
  out.unknown = known.unknown;
  co_return out;
}

// The slaves as the leading master knows them, where Marathon says who leads (from 0.11); else nothing.
Task<AppTalk::Slaves> AppTalk::slaves() {
  Slaves out;
  std::string place;
  try {
    std::string path = "/v2/info", body;
    Wanted about{Asked::info, {}};
    const Answer info = co_await ask("GET", std::move(path), std::move(body), std::move(about));
    const auto master = http_address(answer_text(info.body, "/marathon_config/mesos_leader_ui_url"));
    if (!master) co_return out;
    place = master->address + ":" + std::to_string(master->port);
    HttpCall call;
    call.address = master->address;
    call.port = master->port;
    call.path = "/slaves";
    const Answer answer = co_await door_.http(std::move(call));
    if (good(answer) && lists_slaves(answer.body))
      out.answer = answer.body;
    else
      out.unknown = "what answers at " + place + ", where the master should lead, does not list its slaves";
  } catch (const Error& e) {
    // Marathon finds out by itself what fits.
    out.unknown = (place.empty() ? "" : "the master at " + place + " could not be asked: ") + e.what();
  }
  co_return out;
}

Task<AppEnd> wait_for_app(AppTalk& talk, Clock& clock, DeployedApp app, std::chrono::milliseconds timeout,
                          std::function<void(const std::string& seen, std::chrono::milliseconds elapsed)> told) {
  const auto from = clock.now();
  AppWatch watch(timeout);
  std::string last;
  for (;;) {
    AppEnd end;
    end.took = std::chrono::duration_cast<milliseconds>(clock.now() - from);
    try {
      const std::optional<AppState> now = co_await talk.find(app.id);
      if (!now) {
        end.lacking = "Marathon does not have it any more";
        co_return end;
      }
      watch.look(*now, end.took);
      bool settled = now->settled();
      if (settled && !app.deployment.empty()) settled = !co_await talk.under_way(app.deployment);
      const double rest = app.believed || end.took >= timeout ? 0 : still_to_run(*now);
      if (settled && watch.runs_on() && rest == 0) co_return end;
      end.crashes = watch.crashes();
      end.lacking = now->in_words();
      if (settled && watch.runs_on())
        end.lacking += "; nothing checks its health, so its tasks have to run for " +
                       std::to_string(static_cast<int>(kProven)) + " s";
      if (const std::string ended = watch.in_words(); !ended.empty()) end.lacking += "; " + ended;
      // What keeps it is of no interest while its tasks only have to run on.
      if (end.crashes || (end.took >= kAppPatience && !settled)) {
        const std::string why = co_await talk.why_stuck(app.id, app.definition);
        if (!why.empty()) end.lacking += "; " + why;
      }
    } catch (const Error& e) {
      end.lacking = e.what();  // between two leaders
    }
    const bool over = end.crashes || end.took >= timeout;
    if (over) {
      const std::string words = co_await talk.last_words(app.id);
      end.lacking += words;
    }
    if (end.lacking != last) told(end.lacking, end.took);
    last = end.lacking;
    if (over) co_return end;
    co_await clock.sleep(kTalkPause);
  }
}

Task<bool> wait_for_end(AppTalk& talk, Clock& clock, std::string deployment, std::chrono::milliseconds timeout) {
  const auto from = clock.now();
  while (co_await talk.under_way(deployment)) {
    if (clock.now() - from > timeout) co_return false;
    co_await clock.sleep(kTalkPause);
  }
  co_return true;
}

}  // namespace cctl
