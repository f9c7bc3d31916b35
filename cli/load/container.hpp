// Settings of a container: the same words in a playbook and, as overrides, in an inventory.
#pragma once
#include <string_view>
#include <vector>

#include "load/reader.hpp"
#include "model/container_settings.hpp"

namespace cctl {

// Bytes out of "512m", "1g" or a plain number.
std::optional<long long> memory_size(const Tree& tree, const Reader& r);

// The engine refuses a number of open files without end.
void read_ulimits(const Tree& tree, const Reader& r, std::map<std::string, std::int64_t>& out);

// What a text of this setting may be, or the texts of its list.
Check check_of_setting(std::string_view name);

template <template <class> class Of, class Plain, class Value>
inline constexpr bool is_said = std::is_same_v<Value, Plain> || std::is_same_v<Value, Of<Plain>>;

template <template <class> class Of>
std::vector<Key> container_keys(const Reader& r, ContainerSettings<Of>& out) {
  std::vector<Key> keys;
  const auto add = [&](const ContainerRow& row, auto& value) {
    using Value = std::decay_t<decltype(value)>;
    const std::string name(row.name);
    if constexpr (is_said<Of, std::vector<std::string>, Value>)
      keys.push_back({name, r.texts(value, check_of_setting(name))});
    else if constexpr (is_said<Of, std::string, Value>)
      keys.push_back({name, r.text(value, check_of_setting(name))});
    else if constexpr (is_said<Of, bool, Value>)
      keys.push_back({name, r.boolean(value)});
    else if constexpr (is_said<Of, int, Value>)
      keys.push_back({name, r.number(value, 0, 3600)});
    else if constexpr (is_said<Of, std::int64_t, Value>)
      keys.push_back({name, [&r, &value](const Tree& tree) {
                        if (const auto size = memory_size(tree, r)) value = *size;
                      }});
    else
      keys.push_back({name, [&r, &value](const Tree& tree) { read_ulimits(tree, r, value); }});
  };
  each_setting(add, out);
  return keys;
}

}  // namespace cctl
