// What apps name: each other, groups and images.
#include "load/app_names.hpp"

#include "catch.hpp"
#include "load/app_rules.hpp"
#include "load/tree.hpp"
#include "model/app_reference.hpp"

using namespace cctl;

namespace {

std::string names_told(const std::vector<std::pair<std::string, std::string>>& apps) {
  std::string text = "apps:\n";
  for (const auto& [id, dependencies] : apps)
    text += "- {id: " + id + ", cmd: x, dependencies: " + dependencies + "}\n";
  Mistakes mistakes;
  const Tree tree = parse_yaml(text, "i.yml", mistakes);
  std::vector<ReadApp> read = read_apps(*tree.find("apps"), Reader(mistakes), "");
  for (const ReadApp& app : read) check_app(app.tree, {}, mistakes);
  check_app_circles(read, mistakes);
  std::string out;
  for (const Mistake& m : mistakes.in_file_order()) out += std::to_string(m.mark.line) + " " + m.text + "\n";
  return out;
}

}  // namespace

TEST_CASE("apps that would wait for each other for ever are told, with the way round", "[apps]") {
  CHECK(names_told({{"/a", "[/b]"}, {"/b", "[/c, /d]"}, {"/c", "[/d]"}, {"/d", "[]"}}) == "");
  CHECK(names_told({{"/a", "[/elsewhere]"}}) == "");
  CHECK(names_told({{"/a", "[/a]"}}) ==
        "2 dependencies of app \"/a\" name the app itself, which would wait for itself for ever\n");
  CHECK(names_told({{"/s/a", "[/s]"}}) ==
        "2 dependencies of app \"/s/a\" name \"/s\", the group that it is in, and so itself\n");
  CHECK(names_told({{"/a", "[/b]"}, {"/b", "[/c]"}, {"/c", "[/a]"}}) ==
        "4 dependencies of app \"/c\" lead back to it, and Marathon refuses that: /a -> /b -> /c -> /a\n");
  CHECK(names_told({{"/x/a", "[../y]"}, {"/y/b", "[/x]"}}) ==
        "3 dependencies of app \"/y/b\" lead back to it, and Marathon refuses that: /x/a -> /y/b -> /x/a\n");
  CHECK(names_told({{"/a", "[\"/B c\"]"}}).starts_with("2 bad dependencies of app \"/a\" \"/B c\": "));
}

TEST_CASE("a dependency is named from the app's own group", "[apps]") {
  CHECK(app_reference("/shop/web", "db") == "/shop/db");
  CHECK(app_reference("/shop/web", "../db") == "/db");
  CHECK(app_reference("/shop/a/web", "../../db/") == "/db");
  CHECK(app_reference("/web", "db") == "/db");
  CHECK(app_reference("/web", "/db/") == "/db");
  CHECK(is_in("/a/b", "/a"));
  CHECK(is_in("/a", "/a"));
  CHECK(is_in("/a", "/"));
  CHECK_FALSE(is_in("/ab", "/a"));
}
