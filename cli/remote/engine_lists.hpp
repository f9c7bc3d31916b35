// The engine's lists of what a host has, read into its observation. Pure.
#pragma once
#include <string>

#include "model/observed.hpp"

namespace cctl {

// Texts of GET /containers/json?all=1 and /images/json. Throws Error when they are not lists of objects.
void read_containers(const std::string& text, ObservedHost& host);
void read_images(const std::string& text, ObservedHost& host);

}  // namespace cctl
