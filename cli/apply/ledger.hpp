// What we did to one host: its manifest, read once, and written before what it tells of is overwritten.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "apply/doors.hpp"
#include "apply/scripts.hpp"
#include "model/manifest.hpp"
#include "model/plan.hpp"

namespace cctl {

// What stood on the host before a step, for the way back.
struct Undo {
  std::vector<FileSpec> replaced;    // with their old bytes
  std::vector<std::string> created;  // were not there
  Manifest before;

  bool empty() const { return replaced.empty() && created.empty(); }
};

class Ledger {
 public:
  // `desired` has to outlive it.
  Ledger(Connection& shell, const Desired& desired, std::string host)
      : shell_(shell), desired_(desired), host_(std::move(host)), cluster_(desired.cluster) {}

  // Makes the instance's directories and writes the step's files; what they replace is in the manifest first.
  Task<Undo> write(const Instance& instance, const Step& step);
  // The way back of a step that writes nothing itself: what an earlier run that ended before its gate had replaced.
  Task<std::optional<Undo>> way_back(const Instance& instance, const Step& step);
  // The gate has passed: there is no way back any more.
  Task<void> passed(const Instance& instance);
  // The instance's container was started on, or told to read, the files as they are now.
  Task<void> applied(const Instance& instance, const Step& step);
  // Files, then the manifest, as they were before.
  Task<void> undo(Undo undo);
  // What stood there before any merged file of this instance: our part goes. False: none is ours.
  Task<bool> withdraw(const Instance& instance);
  // Puts back or removes what we wrote, and the directories we made; with `data`, the data as well.
  Task<void> clear(std::vector<std::string> data_directories, bool data);

 private:
  Task<Survey> survey(std::vector<std::string> files, std::vector<std::string> directories);
  std::set<std::string> lent() const;
  Task<void> read();
  Task<void> save();
  Task<void> put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files);
  Task<std::vector<std::string>> remove(std::vector<std::string> files, std::vector<std::string> trees,
                                        std::vector<std::string> directories);
  Undo undo_of(const std::string& component, Manifest before) const;

  Connection& shell_;
  const Desired& desired_;
  std::string host_, cluster_;
  Manifest manifest_;
  Manifest others_;  // what the manifest says of paths that are not ours: kept, and never acted upon
  bool read_ = false;
};

}  // namespace cctl
