#pragma once

#include "base/decimal.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::base {

/// A JSON number kept as the text it came in: no binary floating point ever touches it.
class number {
 public:
  static constexpr std::size_t max_length = 40;
  static constexpr std::size_t longest_plain =
      64;  ///< past it an exponent stays, or 1e300 became 301 characters

  number() = default;

  /// JSON grammar, at most max_length characters, and within the range of an IEEE double: 1e400 is refused,
  /// and so is 1e-400, which is not zero. Nothing otherwise.
  [[nodiscard]] static std::optional<number> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }  ///< byte for byte as it came
  /// Without an exponent (`1.5e3` → `1500`) as long as that takes no more than longest_plain characters;
  /// else as it came. A JSON number in any case.
  [[nodiscard]] std::string plain() const;
  /// One text per value: `1.0`, `1` and `10e-1` all give `1`. With an exponent where plain() keeps one.
  [[nodiscard]] std::string canonical() const;
  [[nodiscard]] bool is_positive() const;  ///< greater than zero

  friend bool operator==(const number& a, const number& b) { return a.canonical() == b.canonical(); }

 private:
  explicit number(std::string text) : text_(std::move(text)) {}
  std::string text_ = "0";
};

/// price × quantity, exact, without exponent and without trailing zeros after the point.
[[nodiscard]] std::string multiply(const decimal& price, const number& quantity);

}  // namespace cartrelay::base
