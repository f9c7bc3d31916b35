#include "registry/copy.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "model/error.hpp"
#include "registry/threads.hpp"
#include "registry/upload.hpp"

namespace cctl {
namespace {

constexpr std::size_t at_once = 4;
constexpr int most_copies = 3;

// A blob that one or more images need.
struct Need {
  Blob blob;
  std::vector<std::size_t> images;
  std::vector<std::string> missing;  // repositories of the target without it
  std::string there;                 // one that has it
};

class Copy {
 public:
  Copy(ImageSource& source, Registry& to, const std::vector<CopyJob>& jobs, bool all_platforms, CopyListener& listener)
      : source_(source),
        to_(to),
        all_platforms_(all_platforms),
        listener_(listener),
        trees_(jobs.size()),
        totals_(jobs.size()),
        results_(jobs.size()) {
    for (std::size_t i = 0; i < jobs.size(); ++i) results_[i].job = jobs[i];
  }

  std::vector<CopyResult> run() {
    on_threads(results_.size(), at_once, [this](std::size_t i) { look_at(i); });
    collect_needs();
    on_threads(needs_.size(), at_once, [this](std::size_t n) { survey(needs_[n]); });
    for (const Need& need : needs_)
      if (!need.missing.empty() && need.there.empty()) totals_[need.images.front()] += need.blob.size;
    // A blob goes to one repository after the other: in rounds, for the source is read in its own order.
    std::size_t rounds = 0;
    for (const Need& need : needs_) rounds = std::max(rounds, need.missing.size());
    for (std::size_t round = 0; round < rounds; ++round)
      on_threads(needs_.size(), source_.at_once(), [this, round](std::size_t n) { deliver(needs_[n], round); });
    on_threads(results_.size(), at_once, [this](std::size_t i) { conclude(i); });
    return std::move(results_);
  }

 private:
  // Does its part of an image; what goes wrong fails the image and nothing else.
  void attempt(const std::vector<std::size_t>& images, const std::function<void()>& work) {
    std::string error;
    try {
      work();
      return;
    } catch (const std::exception& e) {
      error = e.what();
    }
    const std::lock_guard lock(mutex_);
    for (const std::size_t i : images)
      if (results_[i].error.empty()) results_[i].error = error;
  }

  bool failed(std::size_t i) {
    const std::lock_guard lock(mutex_);
    return !results_[i].error.empty();
  }

  void look_at(std::size_t i) {
    attempt({i}, [&] {
      CopyResult& result = results_[i];
      const ImageName& target = result.job.target;
      trees_[i] = read_tree(source_, result.job.source, all_platforms_);
      result.digest = trees_[i]->top.digest;
      for (const Blob& blob : trees_[i]->blobs()) result.size += blob.size;
      if (to_.digest(target.repository, target.wanted(), Right::push) == result.digest)
        result.state = CopyState::present;
    });
    const std::lock_guard lock(mutex_);
    if (results_[i].error.empty() && results_[i].state != CopyState::present) listener_.started(results_[i].job);
  }

  void collect_needs() {
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (results_[i].state == CopyState::present || !results_[i].error.empty()) continue;
      for (const Blob& blob : trees_[i]->blobs()) {
        const auto [at, fresh] = known.try_emplace(blob.digest, needs_.size());
        if (fresh) needs_.push_back({blob, {}, {}, {}});
        needs_[at->second].images.push_back(i);
      }
    }
    std::stable_sort(needs_.begin(), needs_.end(),
                     [this](const Need& a, const Need& b) { return source_.place(a.blob) < source_.place(b.blob); });
  }

  void survey(Need& need) {
    attempt(need.images, [&] {
      for (const std::size_t i : need.images) {
        const std::string& repository = results_[i].job.target.repository;
        auto& missing = need.missing;
        if (std::find(missing.begin(), missing.end(), repository) != missing.end()) continue;
        if (to_.has(repository, need.blob.digest, Right::push))
          need.there = repository;
        else
          missing.push_back(repository);
      }
      // The source may stand in the same registry.
      const CopyJob& job = results_[need.images.front()].job;
      if (need.there.empty() && job.source.host == to_.host() && !job.source.repository.empty() &&
          !need.missing.empty() && to_.mount(need.missing.back(), need.blob.digest, job.source.repository)) {
        need.there = need.missing.back();
        need.missing.pop_back();
      }
    });
  }

  void deliver(Need& need, std::size_t round) {
    if (need.missing.size() <= round) return;
    if (std::all_of(need.images.begin(), need.images.end(), [this](std::size_t i) { return failed(i); })) return;
    attempt(need.images, [&] {
      const std::string& repository = need.missing[round];
      if (need.there.empty() || !to_.mount(repository, need.blob.digest, need.there)) upload(need, repository);
      need.there = repository;
    });
  }

  void upload(const Need& need, const std::string& repository) {
    const std::size_t owner = need.images.front();
    for (int tries = 1;; ++tries) {
      long long sent = 0;
      try {
        Upload upload(to_, repository, need.blob);
        const ByteSink sink = [&](std::string_view bytes) {
          upload.write(bytes);
          sent += static_cast<long long>(bytes.size());
          moved(owner, static_cast<long long>(bytes.size()));
        };
        source_.fetch(results_[owner].job.source, need.blob, sink);
        upload.finish();
        return;
      } catch (const WebError&) {
        moved(owner, -sent);
        if (tries == most_copies) throw;
      }
    }
  }

  void moved(std::size_t owner, long long count) {
    const std::lock_guard lock(mutex_);
    results_[owner].copied += count;
    listener_.moving(results_[owner].job, results_[owner].copied, std::max(totals_[owner], results_[owner].copied));
  }

  void conclude(std::size_t i) {
    CopyResult& result = results_[i];
    if (result.error.empty() && result.state != CopyState::present) {
      attempt({i}, [&] {
        const ImageName& target = result.job.target;
        for (const ImageManifest& entry : trees_[i]->entries) to_.put_manifest(target.repository, entry.digest, entry);
        if (!target.digest.empty()) to_.put_manifest(target.repository, target.digest, trees_[i]->top);
        if (!target.tag.empty()) to_.put_manifest(target.repository, target.tag, trees_[i]->top);
        result.state = CopyState::copied;
      });
    }
    const std::lock_guard lock(mutex_);
    if (!result.error.empty()) result.state = CopyState::failed;
    listener_.ended(result);
  }

  ImageSource& source_;
  Registry& to_;
  bool all_platforms_;
  CopyListener& listener_;
  std::vector<std::optional<ImageTree>> trees_;
  std::vector<long long> totals_;  // bytes that have to travel for an image
  std::vector<CopyResult> results_;
  std::vector<Need> needs_;
  std::mutex mutex_;  // of results_ while threads run, and of the listener
};

}  // namespace

const char* to_text(CopyState v) {
  switch (v) {
    case CopyState::copied:
      return "copied";
    case CopyState::present:
      return "present";
    case CopyState::failed:
      return "failed";
  }
  return "";
}

std::vector<CopyResult> copy_images(ImageSource& source, Registry& to, const std::vector<CopyJob>& jobs,
                                    bool all_platforms, CopyListener& listener) {
  return Copy(source, to, jobs, all_platforms, listener).run();
}

}  // namespace cctl
