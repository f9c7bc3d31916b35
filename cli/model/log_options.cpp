#include "model/log_options.hpp"

#include <algorithm>

#include "model/mistake.hpp"
#include "model/var_kind.hpp"

namespace cctl {
namespace {

using Options = std::map<std::string, std::string>;

// As Go reads a boolean.
const std::string kBool = "one of true, false, 1, 0, t, f, T, F, True, False, TRUE, FALSE";
const std::string kAny = "any", kNoneToo = "0-1000000";
const std::string kFacility =
    "one of kern, user, mail, daemon, auth, syslog, lpr, news, uucp, cron, authpriv, ftp, local0, local1, local2, "
    "local3, local4, local5, local6, local7, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, "
    "20, 21, 22, 23";

// What most drivers add to a message.
Options with_attributes(Options options) {
  for (const char* name : {"labels", "labels-regex", "env", "env-regex", "tag"}) options.emplace(name, kAny);
  return options;
}

// driver -> option -> kind of its value (var_kind.hpp)
const std::map<std::string, Options>& drivers() {
  static const std::map<std::string, Options> all = {
      {"json-file", with_attributes({{"max-size", kAny}, {"max-file", "1-1000000"}, {"compress", kBool}})},
      {"local", {{"max-size", kAny}, {"max-file", kNoneToo}, {"compress", kBool}}},
      {"journald", with_attributes({})},
      {"syslog", with_attributes({{"syslog-address", kAny},
                                  {"syslog-facility", kFacility},
                                  {"syslog-format", "one of rfc3164, rfc5424, rfc5424micro"},
                                  {"syslog-tls-ca-cert", kAny},
                                  {"syslog-tls-cert", kAny},
                                  {"syslog-tls-key", kAny},
                                  {"syslog-tls-skip-verify", kAny}})},
      {"gelf", with_attributes({{"gelf-address", kAny},
                                {"gelf-compression-level", "-1-9"},
                                {"gelf-compression-type", "one of gzip, zlib, none"},
                                {"gelf-tcp-max-reconnect", "whole"},
                                {"gelf-tcp-reconnect-delay", "whole"}})},
      {"fluentd", with_attributes({{"fluentd-address", kAny},
                                   {"fluentd-async", kBool},
                                   {"fluentd-async-connect", kBool},
                                   {"fluentd-async-reconnect-interval", kAny},
                                   {"fluentd-buffer-limit", kAny},
                                   {"fluentd-max-retries", kAny},
                                   {"fluentd-read-timeout", kAny},
                                   {"fluentd-request-ack", kBool},
                                   {"fluentd-retry-wait", kAny},
                                   {"fluentd-sub-second-precision", kBool},
                                   {"fluentd-write-timeout", kAny}})},
      {"awslogs",
       {{"awslogs-create-group", kBool},
        {"awslogs-create-stream", kBool},
        {"awslogs-credentials-endpoint", kAny},
        {"awslogs-datetime-format", kAny},
        {"awslogs-endpoint", kAny},
        {"awslogs-force-flush-interval-seconds", kAny},
        {"awslogs-format", kAny},
        {"awslogs-group", kAny},
        {"awslogs-max-buffered-events", kAny},
        {"awslogs-multiline-pattern", kAny},
        {"awslogs-region", kAny},
        {"awslogs-stream", kAny},
        {"tag", kAny}}},
      {"splunk", with_attributes({{"splunk-url", kAny},
                                  {"splunk-token", kAny},
                                  {"splunk-source", kAny},
                                  {"splunk-sourcetype", kAny},
                                  {"splunk-index", kAny},
                                  {"splunk-capath", kAny},
                                  {"splunk-caname", kAny},
                                  {"splunk-insecureskipverify", kAny},
                                  {"splunk-format", kAny},
                                  {"splunk-verify-connection", kAny},
                                  {"splunk-gzip", kAny},
                                  {"splunk-gzip-level", kAny},
                                  {"splunk-index-acknowledgment", kAny}})},
      {"gcplogs", with_attributes({{"gcp-project", kAny},
                                   {"gcp-log-cmd", kAny},
                                   {"gcp-meta-zone", kAny},
                                   {"gcp-meta-name", kAny},
                                   {"gcp-meta-id", kAny}})},
      {"logentries", with_attributes({{"logentries-token", kAny}, {"line-only", kAny}})},
      {"etwlogs", {}},
      {"none", {}}};
  return all;
}

// The engine's own, whatever the driver is.
const Options& common() {
  static const Options all = {{"mode", "one of blocking, non-blocking"},
                              {"max-buffer-size", "size"},
                              {"cache-disabled", kBool},
                              {"cache-compress", kBool},
                              {"cache-max-size", kAny},
                              {"cache-max-file", kAny}};
  return all;
}

const std::map<std::string, std::vector<std::string>>& needed() {
  static const std::map<std::string, std::vector<std::string>> all = {
      {"gelf", {"gelf-address"}}, {"awslogs", {"awslogs-group"}}, {"splunk", {"splunk-url", "splunk-token"}}};
  return all;
}

std::vector<std::string> names_of(const Options& options) {
  std::vector<std::string> out;
  for (const auto& [name, kind] : options) out.push_back(name);
  return out;
}

class Check {
 public:
  Check(std::string driver, const Options& options, bool whole)
      : driver_(std::move(driver)), options_(options), whole_(whole) {
    for (const auto& [name, its] : drivers())
      if (driver_.empty() || name == driver_) known_.insert(its.begin(), its.end());
    known_.insert(common().begin(), common().end());
  }

  std::vector<LogOptionFault> run() {
    if (driver_ == "none") return {};  // of that the engine reads no options
    for (const auto& [name, value] : options_) option(name, value);
    if (is("max-buffer-size") && (is("mode") ? options_.at("mode") != "non-blocking" : whole_))
      tell("max-buffer-size", "max-buffer-size goes with mode: non-blocking alone");
    if (driver_ == "json-file") json_file();
    if (driver_ == "local") local();
    if (driver_ == "awslogs" && is("awslogs-datetime-format") && is("awslogs-multiline-pattern"))
      tell("awslogs-multiline-pattern", "awslogs-multiline-pattern and awslogs-datetime-format exclude each other");
    const auto must = needed().find(driver_);
    if (whole_ && must != needed().end())
      for (const auto& name : must->second)
        if (!is(name)) tell("", "the log driver " + driver_ + " needs the option " + name);
    return std::move(out_);
  }

 private:
  bool is(const std::string& name) const { return options_.count(name) > 0; }
  void tell(const std::string& option, const std::string& text) { out_.push_back({option, text}); }

  void option(const std::string& name, const std::string& value) {
    const auto kind = known_.find(name);
    const bool of_docker = driver_.empty() || drivers().count(driver_);
    if (kind == known_.end()) {
      // A driver that is not known may be a plugin, with options of its own.
      const std::string near = did_you_mean(name, names_of(known_));
      if (!of_docker || (driver_.empty() && near.empty())) return;
      return tell(name, "unknown option \"" + name + "\" of " +
                            (driver_.empty() ? "every log driver" : "the log driver " + driver_) + near);
    }
    // With no file at all local alone goes on, and only where it does not compress.
    const bool perhaps_none = driver_.empty() && name == "max-file" && !(whole_ && compresses(true));
    const std::string& is = perhaps_none ? kNoneToo : kind->second;
    if (const std::string why = is == kAny ? "" : why_not_of_kind(is, value); !why.empty())
      tell(name, "bad " + name + " \"" + value + "\" of the log driver" + (driver_.empty() ? "" : " " + driver_) +
                     ": it is " + why);
  }

  // Whether it is said, and so; `otherwise`: what holds where it is not said, if that is known.
  bool compresses(bool otherwise) const {
    const auto found = options_.find("compress");
    return found == options_.end() ? otherwise : std::string("1tT").find(found->second[0]) != std::string::npos;
  }
  bool keeps_one(bool otherwise) const {
    const auto found = options_.find("max-file");
    return found == options_.end() ? otherwise : found->second == "1" || found->second == "0";
  }

  void json_file() {
    if (compresses(false) && (keeps_one(whole_) || (whole_ && !is("max-size"))))
      tell("compress", "compress of the log driver json-file needs max-size, and a max-file from 2 on");
  }
  // It compresses where nothing is said, and cannot do so with one file.
  void local() {
    if (keeps_one(false) && compresses(whole_))
      tell("max-file",
           "the log driver local compresses its files unless it is told compress: \"false\", and needs a "
           "max-file from 2 on for that");
  }

  std::string driver_;
  const Options& options_;
  bool whole_;
  Options known_;
  std::vector<LogOptionFault> out_;
};

}  // namespace

std::string why_no_log_driver(const std::string& name) {
  if (drivers().count(name) || name.find_first_of("/:") != std::string::npos) return "";
  std::vector<std::string> names;
  for (const auto& [driver, options] : drivers()) names.push_back(driver);
  const std::string near = did_you_mean(name, names);
  return near.empty() ? "" : "one of Docker's log drivers, or the name of a plugin" + near;
}

std::vector<LogOptionFault> log_option_faults(const std::string& driver,
                                              const std::map<std::string, std::string>& options, bool whole) {
  return Check(driver, options, whole).run();
}

}  // namespace cctl
