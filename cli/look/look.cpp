#include "look/look.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <sstream>

#include "look/text.hpp"
#include "model/base64.hpp"
#include "model/cut.hpp"
#include "model/host_number.hpp"
#include "model/path.hpp"
#include "model/shell_words.hpp"
#include "model/walk_script.hpp"

namespace cctl {
namespace {

constexpr const char* kPath = "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin\n";

void add(const Fact* fact, FactList& out) {
  if (!fact || std::count(out.begin(), out.end(), fact)) return;
  for (const Fact* before : fact->after) add(before, out);
  out.push_back(fact);
}

FactList in_order(const FactList& facts) {
  FactList out;
  for (const Fact* fact : facts) add(fact, out);
  return out;
}

// One section per mark; what a login shell prints before the first is skipped.
std::map<std::string, TextLines> sections(const std::string& answer, const std::string& mark) {
  std::map<std::string, TextLines> out;
  TextLines* current = nullptr;
  std::istringstream in(of_few_lines(answer));
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(mark + " "))
      current = &out[line.substr(mark.size() + 1)];
    else if (current)
      current->push_back(line);
  }
  return out;
}

// Each directory on the way to what is looked at, parents first. In directories that are root's alone all is asked at
// once; in those of others one by one, and no link is followed.
std::string ways_to(const LookRequest& request) {
  std::set<std::string> all(request.listed.begin(), request.listed.end());
  for (const auto* paths : {&request.paths, &request.content_paths, &request.listed})
    for (const auto& path : *paths)
      for (auto& directory : above(path)) all.insert(std::move(directory));
  std::erase_if(all, [](const std::string& path) { return path == "/"; });
  const std::string know = "know / " + shell_line({all.begin(), all.end()}) + "\n";
  std::string out = all.empty() ? "" : know;
  if (!request.lent.empty())
    out += "lend " + shell_line({request.lent.begin(), request.lent.end()}) + "\n" + (all.empty() ? "" : know);
  return out;
}

}  // namespace

std::string look_script(const LookRequest& request, const std::string& mark) {
  std::string text = "# ask for facts\nexec 2>/dev/null\n" + std::string(kPath) + "m() { echo \"" + mark + " $1\"; }\n";
  text += kWalkFunctions + ways_to(request);
  for (const Fact* fact : in_order(request.facts)) {
    text += std::string("m ") + fact->name + "\n";
    if (fact->arguments) text += "set -- " + shell_line(fact->arguments(request)) + "\n";
    text += fact->snippet;
  }
  return text + "m end\n";
}

Looked read_look(const std::string& answer, const LookRequest& request, const std::string& mark) {
  static const TextLines nothing;
  const auto told = sections(answer, mark);
  if (!told.count("end")) throw Error("the host's answer is not whole: " + answer.substr(0, 200));
  Looked out;
  for (const Fact* fact : in_order(request.facts)) {
    const auto found = told.find(fact->name);
    const Answered part{found == told.end() ? nothing : found->second, told, request};
    if (!fact->read(part, out)) out.facts.unsaid.insert(fact->name);
  }
  return out;
}

void ask_observation(LookRequest& out) {
  out.facts.insert(out.facts.end(), {&fact::engine_installed, &fact::manifest, &fact::holder, &fact::prepared,
                                     &fact::sysctls, &fact::entries, &fact::files});
}

unsigned from_kernel(const std::string& hex) {
  return ntohl(static_cast<unsigned>(host_number(hex, 16)));
}

bool is_setting(const std::string& path) {
  return path.starts_with("/proc/sys/");
}

std::string line_at(const TextLines& lines, std::size_t i) {
  return i < lines.size() ? cut_text(lines[i]) : "";
}

TextLines words_in(const std::string& line) {
  TextLines out;
  std::istringstream in(line);
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::string trimmed_blanks(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string bytes_of(const TextLines& base64) {
  std::string text;
  for (const auto& line : base64) text += line;
  return from_base64(text).value_or("");
}

}  // namespace cctl
