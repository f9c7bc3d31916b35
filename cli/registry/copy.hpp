// Images copied into a registry: only what is missing there, by digest, a few at a time.
#pragma once
#include <string>
#include <vector>

#include "model/image_name.hpp"
#include "registry/source.hpp"

namespace cctl {

struct CopyJob {
  ImageName source, target;
};

enum class CopyState { copied, present, failed };
const char* to_text(CopyState v);

struct CopyResult {
  CopyJob job;
  CopyState state = CopyState::failed;
  std::string digest;
  std::string error;     // why it failed
  long long size = 0;    // of all its blobs
  long long copied = 0;  // bytes that had to travel
};

// Who watches. Called by one thread at a time.
class CopyListener {
 public:
  virtual ~CopyListener() = default;
  virtual void started(const CopyJob&) {}
  virtual void moving(const CopyJob&, long long /*done*/, long long /*total*/) {}
  virtual void ended(const CopyResult&) {}
};

// All targets are in the registry `to`. Results in the order of the jobs; one that fails does not hinder the others.
std::vector<CopyResult> copy_images(ImageSource& source, Registry& to, const std::vector<CopyJob>& jobs,
                                    bool all_platforms, CopyListener& listener);

}  // namespace cctl
