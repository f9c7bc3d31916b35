#include "load/reader.hpp"

#include <algorithm>
#include <charconv>

#include "load/text_file.hpp"
#include "model/joined.hpp"

namespace cctl {

namespace {

std::string name_of(const Tree& tree) {
  if (tree.key.empty()) return "this";
  return tree.key_mark.line == 0 ? "an item of " + tree.key : tree.key;
}

}  // namespace

void Reader::map(const Tree& tree, const std::vector<Key>& keys) const {
  if (tree.kind != Tree::Kind::map && tree.kind != Tree::Kind::null)
    return mistakes.error(tree.mark, name_of(tree) + " must be a map");
  std::vector<std::string> names;
  for (const Key& key : keys) names.push_back(key.name);
  if (words) words->keys[tree.key].insert(names.begin(), names.end());
  for (const Tree& item : tree.items) {
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == item.key; });
    if (key == keys.end())
      unknown_key(item, names);
    else
      key->read(item);
  }
  for (const Key& key : keys)
    if (key.required && !tree.find(key.name)) mistakes.error(tree.mark, key.name + " is missing");
}

void Reader::each(const Tree& tree, const Read& read, Check name) const {
  if (tree.kind != Tree::Kind::map && tree.kind != Tree::Kind::null)
    return mistakes.error(tree.mark, name_of(tree) + " must be a map");
  for (const Tree& item : tree.items) {
    const std::string fault = name(item.key);
    if (fault.empty())
      read(item);
    else
      mistakes.error(item.key_mark, fmt::format("bad key {}: {}", quote(item.key), fault));
  }
}

void Reader::items(const Tree& tree, const Read& read) const {
  if (tree.kind != Tree::Kind::list && tree.kind != Tree::Kind::null)
    return mistakes.error(tree.mark, name_of(tree) + " must be a list");
  for (const Tree& item : tree.items) read(item);
}

std::optional<std::string> Reader::scalar(const Tree& tree, Check check) const {
  if (tree.kind == Tree::Kind::null) {
    mistakes.error(tree.mark, name_of(tree) + " is empty");
    return {};
  }
  if (tree.kind != Tree::Kind::text) {
    mistakes.error(tree.mark, name_of(tree) + " must be text");
    return {};
  }
  const std::string fault = check(tree.text);
  if (fault.empty()) return tree.text;
  mistakes.error(tree.mark, fmt::format("bad {} {}: {}", tree.key, quote(tree.text), fault));
  return {};
}

std::optional<long long> Reader::integer(const Tree& tree, long long least, long long most) const {
  long long value = 0;
  const char* end = tree.text.data() + tree.text.size();
  const auto [stop, fault] = std::from_chars(tree.text.data(), end, value);
  if (tree.kind == Tree::Kind::text && tree.plain && fault == std::errc() && stop == end && value >= least &&
      value <= most)
    return value;
  mistakes.error(tree.mark, fmt::format("{} must be a number from {} to {}", name_of(tree), least, most));
  return {};
}

std::optional<bool> Reader::truth(const Tree& tree) const {
  if (tree.kind == Tree::Kind::text && tree.plain && (tree.text == "true" || tree.text == "false"))
    return tree.text == "true";
  mistakes.error(tree.mark, name_of(tree) + " must be true or false");
  return {};
}

Read Reader::word(std::string& out, const std::vector<std::string>& words) const {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& word : words) pairs.emplace_back(word, word);
  return this->word<std::string, std::string>(out, pairs);
}

Read Reader::text_or_texts(std::vector<std::string>& out, Check check) const {
  return [this, &out, check](const Tree& tree) {
    if (tree.kind == Tree::Kind::list)
      texts(out, check)(tree);
    else if (auto value = scalar(tree, check))
      out = {*value};
  };
}

Read Reader::text_map(std::map<std::string, std::string>& out, Check name, Check value) const {
  return [this, &out, name, value](const Tree& tree) {
    each(
        tree,
        [&](const Tree& item) {
          if (auto text = scalar(item, value)) out[item.key] = *text;
        },
        name);
  };
}

void Reader::not_one_of(const Tree& tree, const std::vector<std::string>& words) const {
  mistakes.error(tree.mark, fmt::format("bad {} {}: it is one of {}{}", tree.key, quote(tree.text), joined(words, ", "),
                                        did_you_mean(tree.text, words)));
}

void Reader::unknown_key(const Tree& tree, const std::vector<std::string>& known) const {
  mistakes.error(tree.key_mark, fmt::format("unknown key {}{}", quote(tree.key),
                                            tree.key == "<<" ? "; merge keys are not read: write the settings out"
                                                             : did_you_mean(tree.key, known)));
}

}  // namespace cctl
