#include "sandbox/shape.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace cartrelay::sandbox {
namespace {

constexpr std::size_t longest_quote = 80;

/// Cut at a character's boundary, since it goes back out as JSON.
std::string quote(const value& what) {
  std::string text = what.is(value::kind::string) ? what.text : to_json(what);
  if (text.size() > longest_quote) {
    text.resize(base::utf8_prefix(text, longest_quote).size());
    text += "…";
  }
  return text;
}

}  // namespace

std::string sentence(const violations& found) {
  std::string text;
  for (const violation& one : found) {
    if (!text.empty()) text += "; ";
    text += one.where.empty() ? one.what : one.where + ' ' + one.what;
    if (!one.text.empty()) text += " (got \"" + one.text + "\")";
  }
  return text;
}

std::string element_path(std::string_view array, std::size_t index) {
  return std::string(array) + '[' + std::to_string(index) + ']';
}

shape::shape(const value& what, std::string where, violations& found)
    : what_(what), where_(std::move(where)), found_(found) {
  if (!what_.is(value::kind::object)) found_.push_back({where_, "must be an object", quote(what_)});
}

std::string shape::path(std::string_view name) const {
  if (where_.empty() || name.empty()) return where_ + std::string(name);
  return where_ + '.' + std::string(name);
}

void shape::note(std::string_view name, std::string_view what) {
  note(name, what_.find(name), what);
}

void shape::note(std::string_view name, const value* member, std::string_view what) {
  found_.push_back({path(name), std::string(what), member != nullptr ? quote(*member) : std::string()});
}

const value* shape::any(std::string_view name, need wanted) {
  known_.push_back(name);
  const value* member = what_.find(name);
  if (member == nullptr && wanted == need::required && what_.is(value::kind::object))
    note(name, "is missing");
  return member;
}

const value* shape::typed(std::string_view name, need wanted, value::kind type, std::string_view words) {
  const value* member = any(name, wanted);
  if (member == nullptr || member->is(type)) return member;
  note(name, member, words);
  return nullptr;
}

const std::string* shape::string(std::string_view name, need wanted, const form& written) {
  const value* member = typed(name, wanted, value::kind::string, "must be a string");
  if (member == nullptr) return nullptr;
  if (written.holds(member->text)) return &member->text;
  note(name, "must be " + std::string(written.words));
  return nullptr;
}

const std::string* shape::number(std::string_view name, need wanted, const form& written) {
  const value* member = typed(name, wanted, value::kind::number, "must be a number");
  if (member == nullptr) return nullptr;
  if (written.holds(member->text)) return &member->text;
  note(name, "must be " + std::string(written.words));
  return nullptr;
}

std::optional<std::uint64_t> shape::whole(std::string_view name, std::uint64_t most) {
  const std::string* digits = number(name, need::optional, forms::whole);
  if (digits == nullptr) return std::nullopt;
  std::uint64_t parsed = 0;
  const auto [stop, failed] = std::from_chars(digits->data(), digits->data() + digits->size(), parsed);
  if (failed == std::errc{} && parsed <= most) return parsed;
  note(name, "must be from 0 to " + std::to_string(most));
  return std::nullopt;
}

const bool* shape::boolean(std::string_view name, need wanted) {
  const value* member = typed(name, wanted, value::kind::boolean, "must be true or false");
  return member == nullptr ? nullptr : &member->truth;
}

const value* shape::array(std::string_view name, need wanted) {
  return typed(name, wanted, value::kind::array, "must be an array");
}

const value* shape::object(std::string_view name, need wanted) {
  return typed(name, wanted, value::kind::object, "must be an object");
}

bool shape::is_known(std::string_view name) const {
  return std::find(known_.begin(), known_.end(), name) != known_.end();
}

void shape::nothing_else() {
  for (const auto& [name, member] : what_.members) {
    if (!is_known(name)) note(name, &member, "is not known here");
  }
}

void shape::only_strings_else() {
  for (const auto& [name, member] : what_.members)
    if (!is_known(name) && !member.is(value::kind::string)) note(name, &member, "must be a string");
}

void shape::only_lists_else() {
  const auto is_string = [](const value& one) { return one.is(value::kind::string); };
  for (const auto& [name, member] : what_.members) {
    if (is_known(name)) continue;
    if (!member.is(value::kind::array) ||
        !std::all_of(member.elements.begin(), member.elements.end(), is_string))
      note(name, &member, "must be an array of strings");
  }
}

}  // namespace cartrelay::sandbox
