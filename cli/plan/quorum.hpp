// Quorum arithmetic: one place for every rule about majorities and whose turn it is. Pure.
// Source: majority quorums of ZooKeeper, Mesos' replicated log and raft (domain facts 2.7, 4.3, 5.3).
#pragma once
#include <map>
#include <string>
#include <vector>

namespace cctl {

// Smallest majority of n: n/2 + 1; 0 for 0.
int majority(int n);
// How many of `healthy` members of n may still be lost.
int tolerates(int n, int healthy);

// "2 of 3, can lose 0 more", "1 of 3, 2 are needed": what is left of n members while `serve` of them do.
std::string left_in_words(int serve, int n);

struct Member {
  std::string host;
  bool serving = false;  // ready by its probes
  bool leader = false;
  bool pending = false;  // still to be changed in this wave
  bool empty = false;    // pending, and starts without the data that others have
  bool known = true;     // false: its probes could not be put; it is taken for neither serving nor broken
};

struct Turn {
  std::string host;     // whose turn it is; empty when refused or nobody is pending
  std::string refused;  // "2 of 3 must stay healthy, would be 1 (zk2 does not answer)"
};

// Who changes next. `quorum`: a serving member may stop only when the others are a healthy majority of all; a member
// that does not serve may always change, and goes first; one of which that is not known counts as serving for its own
// turn, and as not serving for the turns of others. Ensembles of one or two change regardless (the plan says so).
// One that starts empty votes like any other: it starts beside a majority that serves, so that what it is told is
// whole. `leader_last`: the leader's turn comes when nobody else is pending.
Turn next_turn(const std::vector<Member>& members, bool quorum, bool leader_last);

// The turns of all who are pending, each serving again after its own, as far as they go.
struct Turns {
  std::map<std::string, int> others_serve;  // by who is pending: the others that serve, or would, in its turn
  std::string refused;                      // why the rest has none
};
Turns all_turns(std::vector<Member> members, bool quorum);

// A member before a part of a cluster goes down.
struct Leaver {
  std::string host;
  bool seen = false;   // its host could be asked
  bool there = false;  // it has a container
  bool runs = false;   // which runs
  bool goes = false;
};

// What is left of an ensemble of which a part goes down. All of it may go, and all that is seen while the rest is no
// majority; a part only while a majority stays that runs.
struct Rest {
  std::string note;     // "2 of 3 left, can lose 0"; empty: nobody goes, or nobody stays
  std::string refused;  // "without b 1 of 3 would be left, 2 are needed (not running: a; not seen: d)"
  std::vector<std::string> unseen, there;  // members of which nothing is known, and those that have a container
  bool may_go_seen = false;                // all that are there may go at once, whatever the unseen do
};
Rest rest_of(const std::vector<Leaver>& members);

}  // namespace cctl
