// A probe is a question to one instance with what was seen as the answer. Rendered probes (all templates resolved)
// are plain data, so that the plan can carry them and the fake world can answer them.
#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace cctl {

enum class ProbeKind { tcp, http, zk, dns, exec };

// How one named value is taken out of an answer. Exactly one of the sources is set.
struct Extract {
  std::string field;  // "Mode" in lines of "Mode: leader" or "zk_server_state<TAB>leader"
  std::string json;   // JSON pointer, "." for the whole answer; a number prints without trailing ".0"
  std::string list;   // JSON pointer to an array: its elements, or `item` of each, joined by ","
  std::string item;   // pointer inside each element
  std::map<std::string, std::string> where;  // pointer -> wanted text: filters `list`
  std::string header;                        // HTTP header, name in lower case
  std::string regex;                         // first group of the first match in the body
  bool answers = false;                      // dns: the addresses, joined by ","
};

struct Probe {
  std::string name;
  ProbeKind kind = ProbeKind::tcp;
  std::string address;               // what is dialled, as the host itself sees it
  std::vector<std::string> or_else;  // http: dialled one by one where nothing answers at `address`
  int port = 0;
  std::string path;                  // http
  std::string method = "GET";        // http
  std::string body;                  // http: sent as JSON where there is one
  bool tls = false;                  // http: https, whoever signed the certificate
  std::string send;                  // zk: the four-letter word
  std::string query;                 // dns: a name; type A
  std::vector<std::string> command;  // exec: runs in the instance's container
  std::vector<int> status;           // http: codes that count as an answer; empty: 200
  std::map<std::string, Extract> extract;
  std::map<std::string, std::vector<std::string>> expect;  // value -> one of these; "*" is any non-empty text
  std::chrono::milliseconds timeout{3000};
};

// What one probe saw. `ok` is the verdict of this instance alone: an answer came and every expectation held. A question
// that could not be put (sshd forbids the way, the connection is gone, no engine runs the command) says neither yes nor
// no: `asked` is false and `seen` says why.
struct ProbeResult {
  std::string name;
  bool asked = true;
  bool ok = false;
  bool answered = false;
  std::string seen;                           // one line for people: "mode follower", "connection refused"
  std::map<std::string, std::string> values;  // extracted
};

}  // namespace cctl
