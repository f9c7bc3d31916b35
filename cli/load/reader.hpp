// A closed schema in few words: r.map(tree, {{"user", r.text(s.user, is_user)}, {"port", r.number(s.port, 1, 65535)}}).
// Every reader checks the kind of its value, and a map names the keys it does not know.
#pragma once
#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "load/checks.hpp"
#include "load/mistakes.hpp"
#include "load/tree.hpp"

namespace cctl {

using Read = std::function<void(const Tree&)>;

// The words that a schema has, by the key of the map that they stand in ("" for the outermost), and by that of the
// value that is one of them. The table that docs/ is held against, since it is the readers themselves that fill it.
struct SchemaWords {
  std::map<std::string, std::set<std::string>> keys, values;
};

struct Key {
  std::string name;
  Read read;
  bool required = false;
};

class Reader {
 public:
  // `words`: where the words of what is read are noted; null: nowhere.
  explicit Reader(Mistakes& mistakes, SchemaWords* words = nullptr) : mistakes(mistakes), words(words) {}

  // A key with nothing but comments below it is an empty map, or an empty list.
  // A map of these keys and no others.
  void map(const Tree& tree, const std::vector<Key>& keys) const;
  // A map whose keys are the person's own words.
  void each(const Tree& tree, const Read& read, Check name = any_word) const;
  void items(const Tree& tree, const Read& read) const;

  // The value of a scalar; empty when it is none or fails the check, which has then been told.
  std::optional<std::string> scalar(const Tree& tree, Check check) const;
  std::optional<long long> integer(const Tree& tree, long long least, long long most) const;
  std::optional<bool> truth(const Tree& tree) const;

  template <class Out>
  Read text(Out& out, Check check = any_word) const {
    return [this, &out, check](const Tree& tree) {
      if (auto value = scalar(tree, check)) out = *value;
    };
  }
  template <class Out>
  Read number(Out& out, long long least, long long most) const {
    return [this, &out, least, most](const Tree& tree) {
      if (auto value = integer(tree, least, most)) assign(out, *value);
    };
  }
  template <class Out>
  Read boolean(Out& out) const {
    return [this, &out](const Tree& tree) {
      if (auto value = truth(tree)) out = *value;
    };
  }
  // One of a few words, each with what it stands for.
  template <class Out, class Value>
  Read word(Out& out, const std::vector<std::pair<std::string, Value>>& words) const {
    return [this, &out, words](const Tree& tree) {
      if (this->words)
        for (const auto& [name, meaning] : words) this->words->values[tree.key].insert(name);
      const auto value = scalar(tree, any_word);
      if (!value) return;
      std::vector<std::string> names;
      for (const auto& [name, meaning] : words) {
        if (name == *value) {
          out = meaning;
          return;
        }
        names.push_back(name);
      }
      not_one_of(tree, names);
    };
  }
  Read word(std::string& out, const std::vector<std::string>& words) const;

  template <class Out>
  Read texts(Out& out, Check check = any_word) const {
    return [this, &out, check](const Tree& tree) {
      std::vector<std::string> found;
      items(tree, [&](const Tree& item) {
        if (auto value = scalar(item, check)) found.push_back(*value);
      });
      out = found;
    };
  }
  // A word, or a list of them.
  Read text_or_texts(std::vector<std::string>& out, Check check = any_word) const;
  Read text_map(std::map<std::string, std::string>& out, Check name = any_word, Check value = any_text) const;
  template <class Number>
  Read number_map(std::map<std::string, Number>& out, long long least, long long most, Check name = any_word) const {
    return [this, &out, least, most, name](const Tree& tree) {
      each(
          tree,
          [&](const Tree& item) {
            if (auto value = integer(item, least, most)) out[item.key] = static_cast<Number>(*value);
          },
          name);
    };
  }

  void not_one_of(const Tree& tree, const std::vector<std::string>& words) const;
  void unknown_key(const Tree& tree, const std::vector<std::string>& known) const;

  Mistakes& mistakes;
  SchemaWords* words;

 private:
  template <class Number>
  static void assign(std::optional<Number>& out, long long value) {
    out = static_cast<Number>(value);
  }
  template <class Number>
  static void assign(Number& out, long long value) {
    out = static_cast<Number>(value);
  }
};

}  // namespace cctl
