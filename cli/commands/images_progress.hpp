// Shows a copy of images as it goes on.
#pragma once
#include <chrono>
#include <map>
#include <string>

#include "registry/copy.hpp"
#include "report/progress.hpp"

namespace cctl {

class CopyWatcher : public CopyListener {
 public:
  // `to` is the registry or file that the images go to.
  CopyWatcher(Progress& progress, std::string to, const std::vector<CopyJob>& jobs);
  ~CopyWatcher() override;

  void started(const CopyJob& job) override;
  void moving(const CopyJob& job, long long done, long long total) override;
  void ended(const CopyResult& result) override;

 private:
  const Step& step_of(const CopyJob& job) const;

  Progress& progress_;
  Wave wave_;
  std::map<std::string, std::chrono::steady_clock::time_point> since_;
};

}  // namespace cctl
