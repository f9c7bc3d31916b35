// Options of Docker's log drivers, as the engine reads them in its daemon.json and in `docker run --log-opt`. Pure.
// Source: dockerd 20.10 as measured, and the options that releases up to 28 have added.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace cctl {

struct LogOptionFault {
  std::string option;  // empty: it is about the driver, or about an option that is missing
  std::string text;    // "unknown option \"max-sise\" of the log driver json-file, did you mean \"max-size\"?"
};

// "" or why no engine has such a driver. A plugin may have any name: only what is nearly one of Docker's own is none.
std::string why_no_log_driver(const std::string& name);

// What an engine refuses to start with, or every container of it. `driver` is empty where it is not known. `whole`:
// these are all options that there are, so that what is missing is missing.
std::vector<LogOptionFault> log_option_faults(const std::string& driver,
                                              const std::map<std::string, std::string>& options, bool whole);

}  // namespace cctl
