#include "plan/marathon_answer.hpp"

#include <algorithm>

#include "model/cut.hpp"
#include "model/outside_json.hpp"
#include "model/visible.hpp"
#include "plan/json_at.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// All are objects with an id.
bool have_ids(const json& list) {
  return list.is_array() &&
         std::all_of(list.begin(), list.end(), [](const json& one) { return !text_in(one, "id").empty(); });
}

// Marathon writes no slash at the end, whoever asks with one.
bool is_about(const json& app, std::string id) {
  while (id.size() > 1 && id.ends_with('/')) id.pop_back();
  return app.is_object() && text_in(app, "id") == id && whole_in(app, "instances");
}

bool succeeds(Asked what, const std::string& id, const Answer& answer) {
  const json body = parse_outside(answer.body).value;
  switch (what) {
    case Asked::app:
      return is_about(value_in(body, "app"), id);
    case Asked::apps:
      return have_ids(value_in(body, "apps"));
    case Asked::change:
      return !deployment_of(answer).empty();
    case Asked::deployments:
      return have_ids(body);
    case Asked::info:
      return !text_in(body, "version").empty();
    case Asked::advice:
      return true;
  }
  return false;
}

const char* words_of(Asked what) {
  switch (what) {
    case Asked::app:
      return "an app";
    case Asked::apps:
      return "its apps";
    case Asked::change:
      return "a deployment";
    case Asked::deployments:
      return "its deployments";
    case Asked::info:
      return "itself";
    case Asked::advice:
      break;
  }
  return "";
}

std::string in_few_words(const std::string& body) {
  constexpr std::size_t longest = 40;
  if (body.empty()) return "nothing";
  return "\"" + visible(head_of(body, longest)) + (body.size() > longest ? "...\"" : "\"");
}

}  // namespace

std::string deployment_of(const Answer& answer) {
  const std::string id = text_in(parse_outside(answer.body).value, "deploymentId");
  const auto header = answer.headers.find("marathon-deployment-id");
  return id.empty() && header != answer.headers.end() ? header->second : id;
}

std::string not_marathons(Asked what, const std::string& id, const Answer& answer) {
  bool its = true;
  if (answer.status >= 200 && answer.status < 300) its = succeeds(what, id, answer);
  // Any program says 404 of what it never heard of; Marathon says what it is that does not exist.
  const std::string said = text_in(parse_outside(answer.body).value, "message");
  if (answer.status == 404 && what != Asked::advice) its = said.find("does not exist") != std::string::npos;
  if (answer.status == 409) its = !said.empty();
  if (its) return "";
  return "it answered " + std::to_string(answer.status) + " with " + in_few_words(answer.body) +
         ", which is not what Marathon says of " + words_of(what);
}

}  // namespace cctl
