#include "load/tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "load/shown_lines.hpp"
#include "load/text_file.hpp"
#include "load/yaml_words.hpp"

namespace cctl {

const Tree* Tree::find(const std::string& name) const {
  if (kind != Kind::map) return nullptr;
  for (const Tree& item : items)
    if (item.key == name) return &item;
  return nullptr;
}

namespace {

// Aliases of aliases grow without end, and so does an alias of a long text.
constexpr std::size_t most_nodes = 200'000, most_text = 4 * most_tree_bytes;

struct Size {
  std::size_t nodes = 0, text = 0;
  Size& operator+=(const Size& more) {
    nodes += more.nodes;
    text += more.text;
    return *this;
  }
};

Size size_of(const Tree& tree) {
  Size all{1, tree.text.size() + tree.key.size()};
  for (const Tree& item : tree.items) all += size_of(item);
  return all;
}

// yaml-cpp counts lines from 0 and columns in bytes from 0.
class Marks {
 public:
  Marks(std::string_view text, std::string file) : lines_(lines_of(text)), file_(std::move(file)) {}

  Mark at(const YAML::Mark& mark) const {
    if (mark.is_null()) return {file_, 1, 1};
    const auto line = static_cast<std::size_t>(mark.line);
    return at(YamlFault{line, static_cast<std::size_t>(mark.column), ""});
  }
  const std::vector<std::string_view>& lines() const { return lines_; }

  // Whether a key there may be said again: it is no part of a secret.
  bool may_be_told(const Mark& mark) const {
    if (hidden_.empty()) hidden_ = lines_of_secrets(lines_);
    const auto line = static_cast<std::size_t>(mark.line) - 1;
    return line >= hidden_.size() || !hidden_[line];
  }

  // In our words, where the hand has to go.
  Mark at(const YamlFault& fault) const {
    const std::size_t before = fault.line < lines_.size() ? before_column(fault.line, fault.column) : 0;
    return {file_, static_cast<int>(fault.line) + 1, static_cast<int>(before) + 1};
  }

 private:
  // A line may be the whole file, with a mark for each word of it: counted once, and looked up a stride at a time.
  std::size_t before_column(std::size_t line, std::size_t column) const {
    constexpr std::size_t stride = 256;
    const std::string_view text = lines_[line];
    if (column <= stride) return characters(text, column);
    if (counted_line_ != line || counted_.empty()) {
      counted_line_ = line;
      counted_ = {0};
      for (std::size_t at = 0; at + stride <= text.size(); at += stride)
        counted_.push_back(counted_.back() + characters(text.substr(at, stride), stride));
    }
    const std::size_t whole = std::min(column / stride, counted_.size() - 1);
    return counted_[whole] + characters(text.substr(whole * stride), column - whole * stride);
  }

  std::vector<std::string_view> lines_;
  std::string file_;
  mutable std::vector<bool> hidden_;
  mutable std::size_t counted_line_ = 0;
  mutable std::vector<std::size_t> counted_;  // characters before each stride of that line
};

struct TooMuch {
  Mark mark;
};

// Builds the tree from yaml-cpp's events, since its own nodes hide duplicate keys.
class YamlBuilder : public YAML::EventHandler {
 public:
  YamlBuilder(const Marks& marks, Mistakes& mistakes) : marks_(marks), mistakes_(mistakes) {}

  Tree take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(Tree::Kind::null, mark, anchor, "", ""); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    leaf(Tree::Kind::text, mark, anchor, tag, value);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      mistakes_.error(marks_.at(mark), "an alias inside what it stands for");
      Tree nothing;
      nothing.mark = marks_.at(mark);
      return finish(nothing, nothing.mark);
    }
    count(size_of(known->second), mark);
    Tree copy = known->second;
    finish(std::move(copy), marks_.at(mark));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(Tree::Kind::list, mark, anchor, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(Tree::Kind::map, mark, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Tree tree;
    YAML::anchor_t anchor = 0;
    bool has_key = false;  // in a map: the next node is a value
    bool drop = false;     // that value belongs to a key that cannot be taken
    std::string key;
    Mark key_mark;
    std::map<std::string, int> lines;  // of the keys so far
  };

  void count(const Size& more, const YAML::Mark& mark) {
    size_ += more;
    if (size_.nodes > most_nodes || size_.text > most_text) throw TooMuch{marks_.at(mark)};
  }

  // What an anchor names is there once more.
  void keep(YAML::anchor_t anchor, const Tree& tree) {
    size_ += size_of(tree);
    if (size_.nodes > most_nodes || size_.text > most_text) throw TooMuch{tree.mark};
    anchors_[anchor] = tree;
  }

  void leaf(Tree::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag,
            const std::string& value) {
    count({1, value.size()}, mark);
    Tree tree;
    tree.kind = kind;
    tree.text = value;
    tree.plain = tag == "?";
    tree.mark = kind == Tree::Kind::null ? at_empty(mark) : marks_.at(mark);
    if (tag == "!" &&
        is_unclosed(marks_.lines(), static_cast<std::size_t>(mark.line), static_cast<std::size_t>(mark.column)))
      mistakes_.error(tree.mark, "this quote is not closed");
    if (anchor) keep(anchor, tree);
    const Mark at = tree.mark;
    finish(std::move(tree), at);
  }

  // Where the hand has to go: the key, or the dash.
  Mark at_empty(const YAML::Mark& mark) const {
    const Mark here = marks_.at(mark);
    const auto line = static_cast<std::size_t>(mark.line);
    if (stack_.empty() || is_said_null(marks_.lines(), line, static_cast<std::size_t>(mark.column))) return here;
    const Open& parent = stack_.back();
    if (parent.has_key) return parent.drop || parent.key_mark.line == here.line ? here : parent.key_mark;
    if (parent.tree.kind != Tree::Kind::list || parent.tree.flow) return here;
    const auto dash = empty_item(marks_.lines(), line);
    return dash ? marks_.at(*dash) : here;
  }

  void open(Tree::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    count({1, 0}, mark);
    Open level;
    level.tree.kind = kind;
    level.tree.flow = style == YAML::EmitterStyle::Flow;
    level.tree.mark = marks_.at(mark);
    level.anchor = anchor;
    stack_.push_back(std::move(level));
  }

  void close() {
    Open level = std::move(stack_.back());
    stack_.pop_back();
    if (level.anchor) keep(level.anchor, level.tree);
    const Mark at = level.tree.mark;
    finish(std::move(level.tree), at);
  }

  // A complete node: the next key, a value, an item or the whole document.
  void finish(Tree tree, const Mark& at) {
    if (stack_.empty()) {
      root_ = std::move(tree);
      return;
    }
    Open& parent = stack_.back();
    if (parent.tree.kind == Tree::Kind::list) {
      parent.tree.items.push_back(std::move(tree));
    } else if (!parent.has_key) {
      take_key(parent, tree, at);
    } else {
      parent.has_key = false;
      if (parent.drop) return;
      tree.key = parent.key;
      tree.key_mark = parent.key_mark;
      for (Tree& item : tree.items)
        if (tree.kind == Tree::Kind::list) item.key = tree.key;
      parent.tree.items.push_back(std::move(tree));
    }
  }

  void take_key(Open& map, const Tree& tree, const Mark& at) {
    map.has_key = true;
    map.drop = true;
    if (tree.kind != Tree::Kind::text) return mistakes_.error(at, "a key must be a word");
    const auto [first, is_new] = map.lines.try_emplace(tree.text, at.line);
    if (!is_new)
      return mistakes_.error(at, fmt::format("duplicate key{}, first on line {}",
                                             marks_.may_be_told(at) ? " " + quote(tree.text) : "", first->second));
    map.drop = false;
    map.key = tree.text;
    map.key_mark = at;
  }

  const Marks& marks_;
  Mistakes& mistakes_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Tree> anchors_;
  Size size_;
  Tree root_;
};

// What yaml-cpp would take in silence: other encodings, and control characters (0x04 ends its reading).
bool is_plain_text(std::string_view text, const Marks& marks, Mistakes& mistakes) {
  const auto mark_of = [&](std::size_t offset) {
    YAML::Mark mark;
    for (char c : text.substr(0, offset)) {
      mark.column = c == '\n' ? 0 : mark.column + 1;
      mark.line += c == '\n' ? 1 : 0;
    }
    return marks.at(mark);
  };
  std::size_t fault_at = 0;
  // Each letter has a zero byte beside it.
  const std::string_view first = text.substr(0, 2);
  if (first == "\xFF\xFE" || first == "\xFE\xFF" || (first.size() == 2 && (first[0] == '\0') != (first[1] == '\0'))) {
    mistakes.error(mark_of(0), "UTF-16 text; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)");
    return false;
  }
  if (!decode_utf8(text, fault_at)) {
    mistakes.error(mark_of(fault_at), "not UTF-8 text");
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c >= 0x20 && c != 0x7F) || c == '\n' || c == '\t' || (c == '\r' && text.substr(i + 1).starts_with('\n')))
      continue;
    mistakes.error(mark_of(i), fmt::format("a control character ({}) in the text", quote(text.substr(i, 1))));
    return false;
  }
  return true;
}

}  // namespace

Tree parse_yaml(const std::string& whole, const std::string& file, Mistakes& mistakes) {
  const std::string text(without_bom(whole));
  const Marks marks(text, file);
  Tree tree;
  tree.mark = {file, 1, 1};
  if (text.size() > most_tree_bytes) {
    mistakes.error({file, 0, 0}, "the file is larger than 4 MiB");
    return tree;
  }
  if (!is_plain_text(text, marks, mistakes)) return tree;
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    YamlBuilder builder(marks, mistakes);
    if (!parser.HandleNextDocument(builder)) return tree;
    Tree whole_tree = builder.take();
    Mistakes none;
    YamlBuilder second(marks, none);
    if (parser.HandleNextDocument(second)) {
      const Tree other = second.take();
      const bool said = std::any_of(marks.lines().begin(), marks.lines().end(),
                                    [](std::string_view line) { return line.starts_with("---"); });
      mistakes.error(other.mark, said ? "a second document; one file holds one"
                                      : "wrong indent: this line stands left of the first, or is a key behind a list");
    }
    if (whole_tree.mark.line == 0) whole_tree.mark = tree.mark;
    return whole_tree;
  } catch (const YAML::DeepRecursion& e) {
    mistakes.error({file, 0, 0}, fmt::format("nested {} levels deep or more", e.depth()));
  } catch (const YAML::ParserException& e) {
    const auto line = static_cast<std::size_t>(std::max(0, e.mark.line));
    const auto column = static_cast<std::size_t>(std::max(0, e.mark.column));
    const YamlFault fault = yaml_fault(marks.lines(), {line, column, e.msg});
    mistakes.error(marks.at(fault), fault.text);
  } catch (const TooMuch& e) {
    mistakes.error(e.mark,
                   fmt::format("more than {} values, or than {} MB of text, once its aliases stand for themselves",
                               most_nodes, most_text >> 20));
  }
  return tree;
}

Tree parse_yaml_file(const std::string& path, Mistakes& mistakes) {
  std::string fault;
  if (const auto text = read_text_file(path, fault)) return parse_yaml(*text, path, mistakes);
  mistakes.error({path, 0, 0}, "cannot be read: " + fault);
  return {};
}

}  // namespace cctl
