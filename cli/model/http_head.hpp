// The head of an HTTP answer, line by line, within limits and without what two readers would take for two things. Pure.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace cctl {

class HttpHead {
 public:
  // The next line, with or without its end. An empty one ends the head, but for that of an answer before the answer
  // (1xx), which is forgotten; what comes after its end is counted, and no more. Throws Error.
  void add(std::string_view line);

  bool ended() const { return ended_; }
  int status() const { return status_; }
  // Names in lower case; of one that came more than once all values, with commas.
  std::map<std::string, std::string> fields;

 private:
  void count(std::string_view line);
  void add_field(std::string_view line, std::size_t colon);
  void end();

  int status_ = 0;
  bool ended_ = false, begun_ = false;
  std::size_t bytes_ = 0, lines_ = 0, before_ = 0;
};

}  // namespace cctl
