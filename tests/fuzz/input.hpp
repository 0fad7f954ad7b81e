#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace cartrelay::fuzz {

/// An input as its target reads it: choices from the front, then texts. Past the end everything is zero or
/// empty. Texts end at a separator and not after a length, so that a mutation in one leaves the others whole,
/// and the files of a corpus can be read and written by hand.
class input {
 public:
  static constexpr char separator = '\x1e';

  explicit input(std::string_view bytes) : rest_(bytes) {}

  unsigned choice() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  bool flag() { return (choice() & 1) != 0; }
  /// Up to the separator.
  std::string_view text() { return up_to(separator); }
  std::string_view line() { return up_to('\n'); }
  std::string_view rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view up_to(char end) {
    const auto out = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(std::min(out.size() + 1, rest_.size()));
    return out;
  }

  std::string_view rest_;
};

/// A sequence of numbers that a few bytes decide: how to cut a stream into reads.
class cuts {
 public:
  explicit cuts(unsigned seed) : state_(seed * 2'654'435'761u + 1) {}

  /// From 1 to `most`.
  std::size_t next(std::size_t most) {
    state_ = state_ * 1'664'525u + 1'013'904'223u;
    const auto drawn = (state_ >> 16) & 0xff;
    // Single bytes often, long pieces sometimes.
    const std::size_t size = drawn < 128 ? 1 + drawn % 3 : 1 + (drawn - 128) * 9;
    return std::clamp<std::size_t>(size, 1, std::max<std::size_t>(most, 1));
  }

 private:
  unsigned state_;
};

}  // namespace cartrelay::fuzz
