// How one app of Marathon's names another, or a group. Pure.
#pragma once
#include <string>

namespace cctl {

// The path of another app or group, as an app's `dependencies` name it: "/db", "../db" and "db" beside it.
std::string app_reference(const std::string& id, const std::string& name);

// Whether an app is that one, or in that group.
bool is_in(const std::string& id, const std::string& path);

}  // namespace cctl
