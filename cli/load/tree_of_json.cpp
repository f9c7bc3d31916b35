#include "load/tree_of_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "load/text_file.hpp"

namespace cctl {
namespace {

using nlohmann::json;

constexpr std::size_t deepest = 100;

// Reads on while it counts how far the parser has come.
class Counting {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Counting(const char* at, std::size_t* count) : at_(at), count_(count) {}
  reference operator*() const { return *at_; }
  Counting& operator++() {
    ++at_;
    ++*count_;
    return *this;
  }
  bool operator==(const Counting& other) const { return at_ == other.at_; }
  bool operator!=(const Counting& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  std::size_t* count_;
};

class JsonBuilder : public json::json_sax_t {
 public:
  JsonBuilder(const std::string& text, const std::string& file, Mistakes& mistakes)
      : text_(text), file_(file), mistakes_(mistakes) {}

  Tree take() { return std::move(root_); }
  std::size_t* read() { return &read_; }

  bool null() override { return leaf(Tree::Kind::null, "null", true); }
  bool boolean(bool value) override { return leaf(Tree::Kind::text, value ? "true" : "false", true); }
  bool number_integer(number_integer_t value) override { return leaf(Tree::Kind::text, std::to_string(value), true); }
  bool number_unsigned(number_unsigned_t value) override { return leaf(Tree::Kind::text, std::to_string(value), true); }
  bool number_float(number_float_t, const string_t& raw) override { return leaf(Tree::Kind::text, raw, true); }
  bool string(string_t& value) override { return leaf(Tree::Kind::text, value, false); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Tree::Kind::map); }
  bool start_array(std::size_t) override { return open(Tree::Kind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    key_ = name;
    key_mark_ = next_mark();
    return true;
  }
  bool parse_error(std::size_t byte, const std::string&, const json::exception& e) override {
    mistakes_.error(mark_of(byte == 0 ? 0 : byte - 1), "not JSON: " + reason(e.what()));
    return false;
  }

 private:
  // "[json.exception.parse_error.101] parse error at line 2, column 3: REASON"
  static std::string reason(const std::string& what) {
    const auto column = what.find("column ");
    const auto end = column == std::string::npos ? column : what.find(": ", column);
    return end == std::string::npos ? what : what.substr(end + 2);
  }

  // Columns count characters; the places asked for come in the order of the text, but for the last.
  Mark mark_of(std::size_t offset) {
    offset = std::min(offset, text_.size());
    if (offset < counted_) counted_ = 0, line_ = 1, column_ = 1;
    for (; counted_ < offset; ++counted_) {
      const auto c = static_cast<unsigned char>(text_[counted_]);
      if (c == '\n')
        ++line_, column_ = 1;
      else if ((c & 0xC0) != 0x80)
        ++column_;
    }
    return {file_, line_, column_};
  }

  // Where the token begins that the parser has just read.
  Mark next_mark() {
    const std::size_t start = text_.find_first_not_of(" \t\r\n,:", done_);
    done_ = read_;
    return mark_of(start == std::string::npos ? text_.size() : start);
  }

  bool leaf(Tree::Kind kind, const std::string& text, bool plain) {
    Tree tree;
    tree.kind = kind;
    tree.text = kind == Tree::Kind::null ? "" : text;
    tree.plain = plain;
    tree.mark = next_mark();
    finish(std::move(tree));
    return true;
  }

  bool open(Tree::Kind kind) {
    Tree tree;
    tree.kind = kind;
    tree.flow = true;
    tree.mark = next_mark();
    if (stack_.size() == deepest) {
      mistakes_.error(tree.mark, fmt::format("nested {} levels deep or more", deepest));
      return false;
    }
    name(tree);
    stack_.push_back({std::move(tree), {}});
    return true;
  }

  bool close() {
    done_ = read_;
    Tree tree = std::move(stack_.back().tree);
    stack_.pop_back();
    for (Tree& item : tree.items)
      if (tree.kind == Tree::Kind::list) item.key = tree.key;
    add(std::move(tree));
    return true;
  }

  void name(Tree& tree) {
    if (stack_.empty() || stack_.back().tree.kind != Tree::Kind::map) return;
    tree.key = key_;
    tree.key_mark = key_mark_;
  }

  void finish(Tree tree) {
    name(tree);
    add(std::move(tree));
  }

  void add(Tree tree) {
    if (stack_.empty()) {
      root_ = std::move(tree);
      return;
    }
    Open& parent = stack_.back();
    auto& items = parent.tree.items;
    const auto [at, is_new] = parent.tree.kind == Tree::Kind::map ? parent.keys.try_emplace(tree.key, items.size())
                                                                  : std::pair(parent.keys.end(), true);
    if (is_new) {
      items.push_back(std::move(tree));
      return;
    }
    Tree& twin = items[at->second];
    mistakes_.warning(tree.key_mark, fmt::format("duplicate key {}, first on line {}: the last one counts",
                                                 quote(tree.key), twin.key_mark.line));
    twin = std::move(tree);
  }

  struct Open {
    Tree tree;
    std::map<std::string, std::size_t> keys;  // of a map: where its items are
  };

  const std::string& text_;
  const std::string& file_;
  Mistakes& mistakes_;
  std::vector<Open> stack_;
  std::string key_;
  Mark key_mark_;
  Tree root_;
  std::size_t read_ = 0, done_ = 0;  // by the parser; up to the end of the last token
  std::size_t counted_ = 0;
  int line_ = 1, column_ = 1;
};

}  // namespace

Tree parse_json(const std::string& whole, const std::string& file, Mistakes& mistakes) {
  const std::string text(without_bom(whole));
  JsonBuilder builder(text, file, mistakes);
  Tree none;
  none.mark = {file, 1, 1};
  if (text.size() > most_tree_bytes) {
    mistakes.error({file, 0, 0}, "the file is larger than 4 MiB");
    return none;
  }
  const Counting begin(text.data(), builder.read()), end(text.data() + text.size(), nullptr);
  return json::sax_parse(begin, end, &builder) ? builder.take() : none;
}

}  // namespace cctl
