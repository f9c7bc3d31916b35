// A broken promise: something that was to work did not. Carries what was being done, outermost first.
#pragma once
#include <stdexcept>
#include <string>

namespace cctl {

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& text, int exit_code = 1) : std::runtime_error(text), exit_code_(exit_code) {}
  int exit_code() const { return exit_code_; }
  // The same error told from further out: "while WHAT: TEXT".
  Error during(const std::string& what) const { return Error("while " + what + ": " + this->what(), exit_code_); }

 private:
  int exit_code_;
};

// The host could not be reached or refused us: exit code 4, and a row in status.
class Unreachable : public Error {
 public:
  explicit Unreachable(const std::string& text) : Error(text, 4) {}
};

// The user we log in as may not do what is needed: no repair of the host helps.
class Forbidden : public Error {
 public:
  explicit Forbidden(const std::string& text) : Error(text, 3) {}
};

// It failed before anything was changed, or changed everything back.
class Unchanged : public Error {
 public:
  explicit Unchanged(const std::string& text) : Error(text) {}
};

}  // namespace cctl
