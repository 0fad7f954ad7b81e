#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::base {

/// An exact, non-negative amount of money: up to 12 digits before and 4 after the point. Remembers how many
/// digits stood after the point, so that `10.50` goes out as `10.50`. Equality is by value (10.5 == 10.50).
class decimal {
 public:
  static constexpr int max_integer_digits = 12;
  static constexpr int max_fraction_digits = 4;

  decimal() = default;

  /// Plain decimal text without exponent or sign (`134.95`, `0.5`, `7`). Nothing if malformed, negative or
  /// too long.
  [[nodiscard]] static std::optional<decimal> parse(std::string_view text);

  /// As written: `10.50` stays `10.50`. Never scientific. Also a valid JSON number.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::int64_t ten_thousandths() const noexcept { return units_; }

  friend bool operator==(const decimal& a, const decimal& b) noexcept { return a.units_ == b.units_; }
  friend std::strong_ordering operator<=>(const decimal& a, const decimal& b) noexcept {
    return a.units_ <=> b.units_;
  }

 private:
  std::int64_t units_ = 0;  // in 1/10,000
  std::uint8_t fraction_digits_ = 0;
};

}  // namespace cartrelay::base
