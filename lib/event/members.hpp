#pragma once

#include "event/reader.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cartrelay::event {

/// One row of an object's table: the member's name, and what reads its value into a T.
template <class T>
struct member {
  std::string_view name;
  void (*read)(reader&, const node&, T&);
};
template <class T>
using members = std::span<const member<T>>;
using names = std::span<const std::string_view>;

template <class T>
std::vector<std::string_view> names_of(members<T> table) {
  std::vector<std::string_view> out;
  for (const auto& row : table)
    out.push_back(row.name);
  return out;
}

/// Reads an object by its table: each member by its row, in document order, then what is missing of
/// `required`. `unknown` gets the members that have no row. False if the value is no object.
template <class T, class Unknown>
bool read_members(reader& in, const node& from, T& into, members<T> table, names required, Unknown unknown) {
  if (!in.expect(from, node::kind::object)) return false;
  auto likely = table.begin();  // shops write members in the table's order, more or less
  const auto row_of = [table, &likely](std::string_view name) {
    for (std::size_t tried = 0; tried < table.size(); ++tried) {
      const auto row = likely;
      if (++likely == table.end()) likely = table.begin();
      if (row->name == name) return row;
    }
    return table.end();
  };
  std::bitset<32> present;
  for (const node& child : children(from)) {
    const auto row = row_of(child.name);
    if (row != table.end()) present.set(static_cast<std::size_t>(row - table.begin()));
    if (child.refused) continue;
    if (row == table.end()) {
      unknown(child);
      continue;
    }
    const reader::step inside(in, child);
    row->read(in, child, into);
  }
  for (const auto name : required)
    if (!present.test(static_cast<std::size_t>(row_of(name) - table.begin()))) in.report(name, "required");
  return true;
}

/// The usual case: what has no row is an unknown member.
template <class T>
bool read_members(reader& in, const node& from, T& into, members<T> table, names required) {
  return read_members<T>(in, from, into, table, required,
                         [&](const node& child) { in.unknown(child, names_of(table)); });
}

namespace detail {
template <class T>
struct member_pointer;
template <class Object, class Value>
struct member_pointer<Value Object::*> {
  using object = Object;
};
template <auto Field>
using object_of = typename member_pointer<decltype(Field)>::object;

/// An outline has no items.
template <class Object>
bool keeps(const reader& in) {
  return !std::is_same_v<Object, item> || !in.outlines();
}
}  // namespace detail

// Readers of scalar members, for the tables: each stores the value where `Field` points, or reports.

template <auto Field, const text_rule& Rule>
void read_text(reader& in, const node& value, detail::object_of<Field>& into) {
  const auto read = in.text(value, Rule);
  if (read && detail::keeps<detail::object_of<Field>>(in)) into.*Field = in.keep(*read);
}

/// A string of a written form: `accepts` tells whether it has it, `Form` is the end of "expected …".
template <auto Field, bool (*Accepts)(std::string_view), const std::string_view& Form>
void read_formed(reader& in, const node& value, detail::object_of<Field>& into) {
  const auto read = in.text(value, identifier);
  if (!read) return;
  if (Accepts(*read))
    into.*Field = in.keep(*read);
  else
    in.report("expected " + std::string(Form));
}

template <auto Field>
void read_money(reader& in, const node& value, detail::object_of<Field>& into) {
  if (const auto read = in.money(value)) into.*Field = *read;
}

template <auto Field>
void read_moment(reader& in, const node& value, detail::object_of<Field>& into) {
  if (const auto read = in.date_time(value)) into.*Field = *read;
}

}  // namespace cartrelay::event
