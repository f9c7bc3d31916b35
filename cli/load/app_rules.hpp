// A definition of an app held against a release of Marathon: what it would refuse, pass over, or read otherwise. Pure.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "load/tree.hpp"
#include "model/version.hpp"

namespace cctl {

// Empty version: it is not known which release it will be, so that only what holds for all of them is told.
void check_app(const Tree& app, const std::optional<Version>& marathon, Mistakes& mistakes);

// The parts of it: the fields one by one (app_rules.cpp), what they mean together (app_sense.cpp; app_ports.cpp,
// app_checks.cpp, app_storage.cpp), and the names in them (app_names.cpp).
// -12 as well.
bool is_whole(const std::string& text);

class AppCheck {
 public:
  AppCheck(const Tree& app, const std::optional<Version>& marathon, Mistakes& mistakes);
  void fields() const;
  void sense() const;
  void names() const;

 private:
  bool since(std::string_view release) const;   // for certain
  bool before(std::string_view release) const;  // for certain
  void wrong(const Mark& at, const std::string& text) const { mistakes_.error(at, text); }
  void odd(const Mark& at, const std::string& text) const { mistakes_.warning(at, text); }
  std::string of(const std::string& field) const;  // `mem of app "/web"`

  void walk(const Tree& map, const std::string& path) const;
  void unknown(const Tree& item, const std::string& path) const;
  void value(const Tree& item, const std::string& path) const;
  void kind(const Tree& item, const std::string& path) const;
  void number(const Tree& item, const std::string& path) const;
  void word(const Tree& item, const std::string& path, std::string_view words) const;
  bool of_this_release(const Tree& item, const std::string& path) const;
  void word_of_this_release(const Mark& at, std::string_view path, const std::string& word) const;
  std::string cased(const std::string& word) const;
  void labels(const Tree& item, const std::string& path) const;
  void env() const;

  const Tree* at(std::string_view path) const;    // what is said there; null counts as nothing
  bool has(std::string_view path) const;          // and is not empty
  std::string said(std::string_view path) const;  // its text
  std::string network() const;
  bool in_docker() const;
  std::size_t ports() const;

  void runs_something() const;
  void container() const;
  void parameters() const;
  void networks() const;
  void networks_apart() const;
  void required_ports(const Tree& require) const;
  void port_name(const Tree& name, const std::string& path) const;
  void only_one_of() const;
  void unique_ports() const;
  void constraints() const;
  void constraint(const Tree& row) const;
  void health_checks() const;
  void check_fields(const Tree& check, const std::string& protocol) const;
  std::set<std::string> port_names() const;
  void readiness() const;
  void volumes() const;
  void one_kind(const Tree& volume) const;
  void persistent_volume(const Tree& volume, const Tree& kept) const;
  void external_volume(const Tree& volume, const Tree& other) const;
  void keeps_place(const std::string& with) const;
  void resident() const;
  void unreachable() const;
  void needs() const;
  void known_secret(const Tree& name, const std::string& field) const;
  void secrets() const;
  void single_instance() const;
  void roles() const;
  void limits() const;
  void others() const;

  const Tree& app_;
  const std::optional<Version>& marathon_;
  Mistakes& mistakes_;
  std::string id_;
};

}  // namespace cctl
