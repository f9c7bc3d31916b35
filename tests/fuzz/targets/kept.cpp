// What we wrote ourselves, and somebody may have changed since.
#include "fuzz.hpp"
#include "model/manifest_json.hpp"
#include "model/prepared_json.hpp"
#include "plan/merge.hpp"
#include "plan/spec_changes.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;

FUZZ(manifest) {
  to_json(manifest_from_json(text));
  to_json(prepared_from_json(text).done);
}

FUZZ(merge) {
  const Merge how = fuzz::choice(text, 2) ? Merge::json : Merge::first_lines;
  const std::string part = how == Merge::json ? R"({"dns":["192.168.2.71"],"a":{"b":1}})" : "nameserver 192.168.2.71\n";
  unmerged(how, merged(how, text, part), part, text);
  if (how == Merge::json) changed_keys(text, part);
}

FUZZ(specs) {
  const auto half = text.size() / 2;
  spec_changes(text.substr(0, half), text.substr(half));
  texts_of_json(text);
}
