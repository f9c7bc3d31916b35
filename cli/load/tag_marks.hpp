// Where the <% %> of templates stand: in the YAML that they are written in, or in a file of their own.
#pragma once
#include <string>

#include "load/tree.hpp"
#include "model/playbook.hpp"

namespace cctl {

// Of every template in a tree that was read from this text. The first place of a text that stands in several counts.
void add_tag_marks(const Tree& tree, const std::string& whole, TagMarks& out);

// Of a file that is a template.
std::vector<Mark> tag_marks(const std::string& content, const std::string& file);

}  // namespace cctl
