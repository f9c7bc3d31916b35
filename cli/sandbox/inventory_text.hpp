// The inventory of a sandbox, from images/sandbox.yml.
#pragma once
#include <string>

#include "sandbox/layout.hpp"

namespace cctl {

// The template with its @WORDS@ replaced and its versions as the options want them. Throws Error for an unknown version
// key.
std::string sandbox_inventory(const std::string& template_text, const Layout& layout, const SandboxOptions& options);

}  // namespace cctl
