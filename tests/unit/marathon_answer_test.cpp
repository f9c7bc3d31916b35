#include "plan/marathon_answer.hpp"

#include "catch.hpp"
#include "plan/app_spec.hpp"

using namespace cctl;

namespace {

Answer said(int status, const std::string& body) {
  Answer out;
  out.status = status;
  out.body = body;
  return out;
}

}  // namespace

TEST_CASE("an answer is Marathon's where it says what was asked for, or refuses", "[app]") {
  struct Row {
    Asked what;
    int status;
    std::string body;
    bool its;
  };
  for (const auto& row : std::vector<Row>{
           {Asked::app, 200, R"({"app":{"id":"/web","instances":0}})", true},
           {Asked::app, 200, R"({"app":{"id":"/web"}})", false},
           {Asked::app, 200, R"({"app":{"id":"/web","instances":"1"}})", false},
           {Asked::app, 200, R"({"app":{"id":"/web/","instances":1}})", false},
           {Asked::app, 200, R"({"app":{"id":"/other","instances":1}})", false},
           {Asked::app, 200, R"({"app":{}})", false},
           {Asked::app, 200, R"({"app":5})", false},
           {Asked::app, 200, R"({"id":"/web"})", false},
           {Asked::app, 200, "", false},
           {Asked::app, 404, R"({"message":"App '/web' does not exist"})", true},
           {Asked::app, 404, R"({"message":"App '/web' does not exist","details":[]})", true},
           {Asked::app, 404, "<h1>File does not exist</h1>", false},
           {Asked::app, 404, "{}", false},
           {Asked::app, 403, "", true},
           {Asked::app, 502, "", true},
           {Asked::apps, 200, R"({"apps":[]})", true},
           {Asked::apps, 200, R"({"apps":[{"id":"/a"}]})", true},
           {Asked::apps, 200, R"({"apps":[{"id":"/a"},7]})", false},
           {Asked::apps, 200, R"({"apps":{}})", false},
           {Asked::apps, 200, "[]", false},
           {Asked::change, 200, R"({"deploymentId":"d"})", true},
           {Asked::change, 200, R"({"deploymentId":""})", false},
           {Asked::change, 201, R"({"id":"/web"})", false},
           {Asked::change, 409, R"({"message":"App is locked","deployments":[{"id":"d"}]})", true},
           {Asked::change, 409, "[]", false},
           {Asked::change, 422, "", true},
           {Asked::deployments, 200, "[]", true},
           {Asked::deployments, 200, R"([{"id":"d"}])", true},
           {Asked::deployments, 200, R"([{"version":"d"}])", false},
           {Asked::deployments, 200, "{}", false},
           {Asked::info, 200, R"({"version":"1.11.24"})", true},
           {Asked::info, 200, R"({"version":1.11})", false},
           {Asked::info, 404, "", false},
           {Asked::advice, 200, "<html>", true},
           {Asked::advice, 404, "", true},
       }) {
    INFO(row.status << " " << row.body);
    CHECK(not_marathons(row.what, "/web", said(row.status, row.body)).empty() == row.its);
  }
  CHECK(not_marathons(Asked::app, "/web/", said(200, R"({"app":{"id":"/web","instances":1}})")).empty());
  Answer in_header = said(201, "{}");
  in_header.headers["marathon-deployment-id"] = "d";
  CHECK(not_marathons(Asked::change, "/web", in_header).empty());
  CHECK(deployment_of(in_header) == "d");
  CHECK(not_marathons(Asked::apps, "", said(200, "<html>\x1b[31m</html>" + std::string(1000, 'x'))) ==
        "it answered 200 with \"<html>\\x1b[31m</html>xxxxxxxxxxxxxxxxxxxxxx...\", which is not what Marathon says of "
        "its apps");
  CHECK(not_marathons(Asked::info, "", said(200, "")) ==
        "it answered 200 with nothing, which is not what Marathon says of itself");
}

TEST_CASE("an app is there, is not, or nobody knows", "[app]") {
  const auto there = observed_app("/web", said(200, R"({"app":{"id":"/web","instances":2}})"));
  REQUIRE(there);
  CHECK(there->exists);
  CHECK(there->instances == 2);
  const auto gone = observed_app("/web", said(404, R"({"message":"App '/web' does not exist"})"));
  REQUIRE(gone);
  CHECK_FALSE(gone->exists);
  for (const auto& [status, body] : std::vector<std::pair<int, const char*>>{
           {200, "{}"}, {200, R"({"app":5})"}, {204, ""}, {404, "not found"}, {301, ""}, {500, ""}}) {
    INFO(status << body);
    CHECK_FALSE(observed_app("/web", said(status, body)));
  }
}
