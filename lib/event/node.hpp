#pragma once

#include "event/text_buffer.hpp"

#include <cstdint>
#include <string_view>

namespace cartrelay::event {

/// Which control characters (Unicode category Cc) a string holds.
enum class controls : std::uint8_t {
  none,
  breaks,     ///< tab or newline and no others
  forbidden,  ///< another one
};

/// A JSON value as it was sent: numbers keep their text. Lives in the arena of its document; immutable once
/// parsed.
struct node {
  enum class kind : std::uint8_t { null, boolean, number, string, array, object };

  kind what = kind::null;
  controls name_controls = controls::none;
  controls text_controls = controls::none;
  bool plain_name = true;  ///< stands in JSON as it is, without escapes
  bool plain_text = true;
  bool refused = false;         ///< what was sent here has been reported, and is not known
  std::uint32_t size = 0;       ///< how many members or elements were sent
  std::string_view name;        ///< of the member; empty for elements of an array
  std::string_view text;        ///< a string's value; a number, true or false as it was written
  const node* first = nullptr;  ///< the first member or element
  const node* next = nullptr;   ///< the next one of the same container
};

/// `for (const node& each : children(parent))`
class children {
 public:
  explicit children(const node& parent) : first_(parent.first) {}

  class iterator {
   public:
    explicit iterator(const node* at) : at_(at) {}
    const node& operator*() const { return *at_; }
    iterator& operator++() {
      at_ = at_->next;
      return *this;
    }
    friend bool operator==(iterator, iterator) = default;

   private:
    const node* at_;
  };

  [[nodiscard]] iterator begin() const { return iterator(first_); }
  [[nodiscard]] iterator end() const { return iterator(nullptr); }

 private:
  const node* first_;
};

/// Nothing if the object has no such member.
[[nodiscard]] const node* find(const node& object, std::string_view name) noexcept;

[[nodiscard]] controls find_controls(std::string_view text) noexcept;

/// The value as compact JSON: numbers as they were written, strings with the fewest escapes.
void append_compact(text_buffer& out, const node& value);
/// The members of an object as append_compact writes them, without the braces.
void append_members(text_buffer& out, const node& object);
/// One text for all spellings of a value: members sorted by the bytes of their names, numbers by value.
void append_canonical(text_buffer& out, const node& value);

}  // namespace cartrelay::event
