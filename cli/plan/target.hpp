// Which inventory a command is about: the line before the environment, ./inventory.yml before what is remembered. Pure.
#pragma once
#include <map>
#include <optional>
#include <string>

namespace cctl {

// A file that nobody named on the line, and the cluster that stands in it; "" when that cannot be read.
struct Candidate {
  std::string path, cluster;
};

struct TargetWords {
  std::optional<std::string> argument, option;    // on the line: `down FILE`, `-i FILE`
  bool same_file = false;                         // these two lead to one file
  std::optional<Candidate> environment;           // CLUSTERCTL_INVENTORY
  std::optional<Candidate> here;                  // ./inventory.yml
  std::map<std::string, std::string> remembered;  // cluster -> inventory of its last up
  std::string memory_fault;                       // why not all that was remembered is known
  std::string last;                               // the cluster of the last up of all
  std::optional<std::string> cluster;             // --cluster, or CLUSTERCTL_CLUSTER
  bool cluster_on_line = true;
};

struct InventoryTarget {
  enum class From { argument, option, environment, here, remembered };
  From from = From::remembered;
  std::string path;
  std::string cluster;  // what the file has to be the inventory of; empty: of any
  bool named = false;   // by somebody, as that cluster
  std::string fault;    // why there is none; then the rest says nothing
  // Whether somebody said which cluster is meant. The cluster of the last up, of whatever shell, is a guess.
  bool said() const { return from != From::remembered || named; }
};

InventoryTarget choose_target(const TargetWords& words);

// Why a file that was read is not what the target has to be. `by_variable`: the environment says which that is.
std::string wrong_cluster(const InventoryTarget& target, const std::string& found, bool by_variable);

// The words that name the same target again in this place: "prod.yml", "-i prod.yml", "--cluster prod" or "".
std::string target_words(const InventoryTarget& target);

// What a change needs before it begins: where nobody said which cluster is meant, -y alone does not do, and what takes
// a cluster down or changes its versions (`grave`) wants its name typed.
enum class Consent { given, yes_or_no, name, refused };
Consent consent(bool said, bool yes, bool grave);

}  // namespace cctl
