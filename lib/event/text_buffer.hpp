#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace cartrelay::event {

/// A text under construction. Room is asked for once per value, after which a character costs one store;
/// JSON is written in many small pieces, and std::string would check its capacity for each.
class text_buffer {
 public:
  explicit text_buffer(std::size_t expected) : text_(expected, '\0') {}

  /// The next `size` characters may be put.
  void room(std::size_t size) {
    if (text_.size() - used_ < size) text_.resize(2 * text_.size() + size);
  }
  void put(char one) { text_.data()[used_++] = one; }
  void put(std::string_view some) { used_ += some.copy(text_.data() + used_, some.size()); }
  void append(std::string_view some) {
    room(some.size());
    put(some);
  }
  /// What was put so far; ends the construction.
  [[nodiscard]] std::string take() {
    text_.resize(used_);
    return std::move(text_);
  }

 private:
  std::string text_;  // its size is the room, used_ of it is written
  std::size_t used_ = 0;
};

}  // namespace cartrelay::event
