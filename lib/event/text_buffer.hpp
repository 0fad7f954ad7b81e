#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace cartrelay::event {

/// A text under construction. Room is asked for once per value, after which a character costs one store;
/// JSON is written in many small pieces, and std::string would check its capacity for each.
class text_buffer {
 public:
  explicit text_buffer(std::size_t expected)
      : text_(std::make_unique_for_overwrite<char[]>(expected)), room_(expected) {}

  /// The next `size` characters may be put.
  void room(std::size_t size) {
    if (room_ - used_ < size) grow(size);
  }
  void put(char one) { text_[used_++] = one; }
  void put(std::string_view some) { used_ += some.copy(text_.get() + used_, some.size()); }
  void append(std::string_view some) {
    room(some.size());
    put(some);
  }
  /// What was put so far.
  [[nodiscard]] std::string_view view() const noexcept { return {text_.get(), used_}; }
  /// Begins another text. Room beyond `most` is given back.
  void clear(std::size_t most) {
    used_ = 0;
    if (room_ > most) *this = text_buffer(most);
  }

 private:
  void grow(std::size_t size) {
    text_buffer larger(2 * room_ + size);
    larger.put(view());
    *this = std::move(larger);
  }

  std::unique_ptr<char[]> text_;
  std::size_t room_, used_ = 0;
};

}  // namespace cartrelay::event
