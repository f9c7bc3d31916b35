// Why a host could not be asked: nobody answers there, we are not let in, or it is of no use once we are.
#pragma once
#include <string>

#include "model/error.hpp"

namespace cctl {

enum class Absence : unsigned char { away, no_access, unusable };

struct AbsenceRow {
  Absence absence;
  const char* word;     // in JSON
  const char* state;    // in a table
  const char* counted;  // behind a number of hosts
  const char* one;      // of a host {}, before why
  const char* all;      // of hosts {}
  const char* login;    // what a check says, before why
  const char* mend;     // what to do about it or them, {}
};
const AbsenceRow& about(Absence absence);

inline const char* to_text(Absence v) {
  return about(v).word;
}

// We are not let in, or not as whom we have to be: no key, password or host key that would do, or sudo refuses.
class NoAccess : public Error {
 public:
  explicit NoAccess(const std::string& text, int exit_code = 4) : Error(text, exit_code) {}
};

// What the error says of the host that was asked.
Absence absence_by(const Error& error);

// "slave1 is unreachable: no answer in 3 s"
std::string told_absent(Absence absence, const std::string& host, const std::string& why);

}  // namespace cctl
