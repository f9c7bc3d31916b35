// Every image that an inventory needs, each once: what for, where, and what it would be called elsewhere. Pure.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/sources.hpp"

namespace cctl {

struct ImageUse {
  std::string component;  // or the id of an app
  std::string version;
  std::vector<std::string> hosts;  // empty: an app, which runs wherever its cluster puts it
};

struct NeededImage {
  std::string reference;  // as the inventory has it
  std::string bare;       // without the inventory's registry, or its own: "zookeeper:3.8.0"
  std::string key;        // under `images:` where the inventory names it whole; empty: images.registry decides
  bool app = false;       // named by an app
  std::vector<ImageUse> uses;

  std::set<std::string> hosts() const;
  // Where it is fetched from: as the inventory has it, or by its bare name when that is where it is to go; `from`, if
  // given, stands for any registry.
  std::string source(const std::string& from, const std::string& to) const;
  std::string target(const std::string& to) const { return to + "/" + bare; }
};

// Only of these components and hosts; empty means all.
std::vector<NeededImage> needed_images(const Sources& sources, const Desired& desired,
                                       const std::set<std::string>& components, const std::set<std::string>& hosts);

// The lines of the inventory that make it use the images at `to`.
std::string inventory_lines(const std::vector<NeededImage>& images, const std::string& to);

}  // namespace cctl
