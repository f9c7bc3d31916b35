// A small cluster and the world as it was left, for the tests of plans.
#pragma once
#include <string>

#include "kind.hpp"
#include "model/base64.hpp"
#include "plan/diff.hpp"
#include "plan/spec_json.hpp"

namespace cctl::diff_test {

// Three hosts with an ensemble "zk" and a dependent "app" with one file each.
inline Desired desired(const std::string& version = "2.0") {
  Desired d;
  d.cluster = "c";
  for (const char* name : {"a", "b", "c"}) {
    Host h;
    h.name = name;
    h.group = "masters";
    d.hosts.push_back(h);
  }
  for (const char* component : {"zk", "app"}) {
    ComponentPlan p;
    p.component = component;
    p.rollout.order = RollOrder::leader_last;
    p.rollout.quorum = p.component == "zk";
    if (p.component == "app") p.needs = {"zk"};
    d.components.push_back(p);
    for (const auto& h : d.hosts) {
      Instance i;
      i.host = h.name;
      i.component = component;
      i.version = version;
      test::as<Container>(i).spec.name = "cctl-c-" + i.component;
      test::as<Container>(i).spec.image = i.component + ":" + version;
      FileSpec f;
      f.path = "/etc/" + i.component;
      f.content = "x";
      i.files.push_back(f);
      i.spec_json = canonical_json(test::as<Container>(i).spec);
      i.spec_digest = sha256_hex(i.spec_json);
      test::as<Container>(i).spec.labels = {{label::cluster, "c"},
                                            {label::component, i.component},
                                            {label::version, version},
                                            {label::spec, i.spec_digest}};
      d.instances.push_back(i);
    }
  }
  return d;
}

// The world just after `d` was applied.
inline Observed as_wanted(const Desired& d) {
  Observed o;
  for (const auto& h : d.hosts) {
    auto& host = o.hosts[h.name];
    host.name = h.name;
    host.reachable = true;
  }
  for (const auto& i : d.instances) {
    auto& host = o.hosts[i.host];
    ObservedContainer c;
    c.id = i.host + i.component;
    c.name = i.container()->spec.name;
    c.state = "running";
    c.labels = {{label::cluster, "c"},
                {label::component, i.component},
                {label::version, i.version},
                {label::spec, i.spec_digest}};
    host.containers.push_back(c);
    host.images.insert(i.container()->spec.image);
    for (const auto& f : i.files) {
      host.files[f.path] = {true, sha256_hex(f.content), f.mode, f.owner, f.content};
      host.manifest.applied[i.component][f.path] = sha256_hex(f.content);
      host.manifest.files[f.path].digest = sha256_hex(f.content);
    }
    host.manifest.specs[i.component] = i.spec_json;
  }
  return o;
}

inline const Step* step(const Plan& p, const std::string& host, const std::string& component) {
  for (const auto& w : p.first().waves)
    for (const auto& s : w.steps)
      if (s.host == host && s.component == component && s.action != Action::pull) return &s;
  return nullptr;
}

}  // namespace cctl::diff_test
