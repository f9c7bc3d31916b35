#include "commands/logging.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "apply/log.hpp"
#include "commands/out.hpp"
#include "model/error.hpp"
#include "model/local_file.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

// An inventory behind this option would be one no more. Read through what is open already: a name may be another's by
// now, and a pipe is not read at all.
void check_log(const std::string& path, int fd) {
  struct stat about {};
  if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return;
  char year[5] = "";
  std::ifstream there("/proc/self/fd/" + std::to_string(fd));
  there.read(year, sizeof year);
  if (there.gcount() > 0 && !(std::isdigit(year[0]) && std::isdigit(year[3]) && year[4] == '-'))
    throw Error(path + " holds something that is no log of clusterctl; name another file", 2);
  if (!keep_to_ourselves(fd)) throw Error(path + " is open to others, and stays so: " + std::strerror(errno), 2);
}

// Opened here: spdlog would make its directories, the log of a cluster is not for everybody, and its name could lead
// elsewhere a moment later.
spdlog::sink_ptr file_sink(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  std::error_code failed;
  if (!directory.empty() && !std::filesystem::is_directory(directory, failed))
    throw Error(fmt::format("--log-file {}: there is no directory {}; nothing was done", path, directory.string()), 2);
  int fd = -1;
  try {
    fd = append_local(path);
    check_log(path, fd);
  } catch (const Error& e) {
    if (fd >= 0) close(fd);
    throw Error(std::string("--log-file ") + e.what(), 2);
  }
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>("/proc/self/fd/" + std::to_string(fd));
    close(fd);
    return sink;
  } catch (const spdlog::spdlog_ex& e) {
    close(fd);
    throw Error("--log-file " + path + " cannot be written: " + e.what(), 2);
  }
}

// Of -vv, through the door of all that is told.
class ErrSink : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    write_err(std::string(line.data(), line.size()), Kind::log);
  }
  void flush_() override { std::fflush(stderr); }
};

}  // namespace

void start_log(const Options& options, const std::vector<std::string>& arguments) {
  std::vector<spdlog::sink_ptr> sinks;
  if (!options.log_file.empty()) sinks.push_back(file_sink(options.log_file));
  if (options.verbose > 1) sinks.push_back(std::make_shared<ErrSink>());
  auto logger = std::make_shared<spdlog::logger>("clusterctl", sinks.begin(), sinks.end());
  logger->set_level(sinks.empty() ? spdlog::level::off : spdlog::level::debug);
  logger->flush_on(spdlog::level::debug);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(logger);
  log_line("", "clusterctl " CCTL_VERSION ", pid " + std::to_string(getpid()) + ": " + shell_line(arguments));
}

void end_log(int exit_code) {
  log_line("", "ends with exit code " + std::to_string(exit_code));
}

}  // namespace cctl
