#pragma once

#include "base/json_writer.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::sandbox {

struct member;

/// A JSON value that still knows how its numbers were written: a contract that forbids `1.5e1` cannot be held
/// against a double.
struct value {
  enum class kind { null, boolean, number, string, array, object };

  kind type = kind::null;
  bool truth = false;
  std::string text;  ///< of a string: its content; of a number: the digits exactly as they came
  std::vector<value> elements;
  std::vector<member> members;  ///< in the order they came; no name twice

  [[nodiscard]] bool is(kind what) const noexcept { return type == what; }
  [[nodiscard]] const value* find(std::string_view name) const noexcept;
  /// The content of the string member `name`, or an empty string.
  [[nodiscard]] std::string_view text_of(std::string_view name) const noexcept;
};

/// Of an object.
struct member {
  std::string name;
  value content;
};

/// Strict JSON, UTF-8, at most 32 deep; a name twice in one object is refused. The error is a sentence for
/// the sender.
[[nodiscard]] boost::system::result<value, std::string> parse_document(std::string_view text);

/// As it came, numbers digit for digit, spaces left out.
void write(base::json_writer& out, const value& what);
[[nodiscard]] std::string to_json(const value& what);

}  // namespace cartrelay::sandbox
