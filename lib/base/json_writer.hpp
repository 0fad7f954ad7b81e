#pragma once

#include "base/decimal.hpp"
#include "base/number.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cartrelay::base {

/// Appends compact JSON to a string. Exists because Boost.JSON prints doubles in scientific notation and
/// money must never be a double. The caller keeps the grammar: begin/end in pairs, key() before each value of
/// an object. Text must be valid UTF-8.
class json_writer {
 public:
  explicit json_writer(std::string& out) : out_(out) {}

  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  json_writer& key(std::string_view name);
  /// A name of our own, which needs no escapes.
  template <std::size_t Size>
  json_writer& key(const char (&name)[Size]) {
    return plain_key({name, Size - 1});
  }

  json_writer& value(std::string_view text);
  json_writer& value(const char* text) { return value(std::string_view(text)); }
  json_writer& value(const std::string& text) { return value(std::string_view(text)); }
  json_writer& value(bool truth);
  json_writer& value(double measure);  ///< a measurement (never money): plain digits, three after the point
  json_writer& value(const number& exact) { return raw(exact.text()); }
  json_writer& value(const decimal& exact) { return raw(exact.text()); }
  json_writer& null() { return raw("null"); }
  template <std::integral Int>
  requires(!std::same_as<Int, bool>) json_writer& value(Int whole) { return raw(std::to_string(whole)); }
  /// JSON text as it stands, as one value.
  json_writer& raw(std::string_view json);

  template <class Name, class T>
  json_writer& member(const Name& name, const T& what) {
    return key(name).value(what);
  }

 private:
  void separate();
  json_writer& plain_key(std::string_view name);

  std::string& out_;
  bool first_ = true;  // nothing stands before the next value in its container
};

/// `text` as a JSON string with its quotes, appended to `out`.
void append_json_string(std::string& out, std::string_view text);
/// `text` as a JSON string with its quotes.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace cartrelay::base
