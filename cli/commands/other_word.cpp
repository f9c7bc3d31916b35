#include "commands/other_word.hpp"

#include <algorithm>

namespace cctl {
namespace {

struct OtherWord {
  std::vector<std::string> words, means;  // means: the first that can stand there
};

const std::vector<OtherWord>& rows() {
  static const std::vector<OtherWord> all = {
      {{"apply", "start", "create", "install", "run", "launch", "converge", "bootstrap", "restart", "repair", "sync"},
       {"up"}},
      {{"deploy", "add", "put", "update"}, {"app deploy", "deploy", "upgrade"}},
      {{"destroy", "delete", "rm", "remove", "teardown", "uninstall", "stop", "kill"}, {"down", "remove"}},
      {{"ps", "ls", "list", "get", "show", "health", "info", "state"}, {"status", "list"}},
      {{"diff", "preview", "dry-run", "whatif"}, {"plan"}},
      {{"log", "tail", "journal"}, {"logs"}},
      {{"doctor", "preflight", "test"}, {"check"}},
      {{"lint", "verify"}, {"validate"}},
      {{"template", "generate"}, {"render"}},
      {{"bump"}, {"upgrade"}},
      {{"new", "setup"}, {"init"}},
      {{"scale"}, {"app scale"}},
      {{"apps"}, {"app list"}},
      {{"mirror"}, {"images mirror"}},
      {{"pull", "fetch"}, {"images pull", "pull"}},
      {{"push"}, {"images push"}},
      {{"export"}, {"images save", "save"}},
      {{"import"}, {"images load", "load"}},
  };
  return all;
}

}  // namespace

std::string other_word(const std::string& word, const std::vector<std::string>& verbs) {
  for (const OtherWord& row : rows()) {
    if (std::find(row.words.begin(), row.words.end(), word) == row.words.end()) continue;
    for (const std::string& means : row.means)
      if (std::find(verbs.begin(), verbs.end(), means) != verbs.end()) return ", did you mean \"" + means + "\"?";
  }
  return "";
}

}  // namespace cctl
