// What a definition of an app may hold, and in which releases of Marathon: data.
// Source: the readers of its definitions and its published schemas, release by release from 0.8 to 1.11.
#pragma once
#include <string_view>
#include <vector>

namespace cctl {

enum class AppKind {
  any,  // of several kinds, or not looked at
  text,
  number,
  whole,  // a number without a fraction
  truth,
  list,
  map,     // of the fields below it
  texts,   // a list of texts
  labels,  // a map of the person's own words to texts
};

struct AppField {
  std::string_view path;  // "[]" stands for the items of a list
  AppKind kind = AppKind::any;
  std::string_view since{};    // the first release that knows it; empty: all
  std::string_view until{};    // the first that takes it no more
  std::string_view instead{};  // what says it in releases that do not know it
  bool tunes = false;          // what runs is the same without it
  std::string_view words{};    // one of these, with blanks between
  double least = 0;            // of a number
};

const std::vector<AppField>& app_fields();

// Words that came later than their field, or went before it.
struct AppWord {
  std::string_view path, word, since, until{};
};
const std::vector<AppWord>& app_words();

// What a map cannot be without.
struct AppNeed {
  std::string_view path, key, since{};
};
const std::vector<AppNeed>& app_needs();

// What Marathon answers about an app beside its definition, which is not asked for.
const std::vector<std::string_view>& app_answers();

// Keys by which a definition is known to be no app's, and what it is.
struct NoApp {
  std::string_view key, is;
};
const std::vector<NoApp>& no_apps();

}  // namespace cctl
