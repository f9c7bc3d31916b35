// What is asked of a host in one go, and what it told. Plain values.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "look/facts.hpp"
#include "model/observed.hpp"
#include "model/spec.hpp"

namespace cctl {

struct Fact;  // look/fact.hpp
using FactList = std::vector<const Fact*>;

struct LookRequest {
  std::string cluster;
  std::set<std::string> paths;          // files whose digest, mode and owner are wanted
  std::set<std::string> content_paths;  // of these the content too, when smaller than 1 MiB (ids, files to diff)
  std::set<std::string> listed;         // directories whose entries are wanted
  std::set<std::string> lent;           // directories that containers may write to: no link in them is followed
  std::vector<AppSpec> apps;            // asked of Marathon; one that does not answer leaves no entry
  bool engine_info = false;             // what the engine says of its settings
  FactList facts;                       // in the order in which they are asked; twice is once
  std::string ip;                       // the host's own, of whose interface the firewall is asked
  std::set<std::string> sysctls;        // by name
  std::set<std::string> disks;          // directories whose file systems are wanted
};

struct Looked {
  ObservedHost host;
  Facts facts;
};

}  // namespace cctl
