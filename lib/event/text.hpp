#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::event {

/// A string that may be absent. A view: its characters belong to somebody else, mostly to the event that it
/// was read from. The interface of an optional in the room of a view, for an event has dozens of them.
class text {
 public:
  using value_type = std::string_view;

  constexpr text() noexcept = default;
  constexpr text(std::nullopt_t) noexcept {}
  constexpr text(std::string_view value) noexcept : value_(value.data() == nullptr ? "" : value) {}
  constexpr text(const char* value) noexcept : value_(value) {}
  text(const std::string& value) noexcept : value_(value) {}
  text(std::string&&) = delete;  // nobody would keep it

  [[nodiscard]] constexpr bool has_value() const noexcept { return value_.data() != nullptr; }
  constexpr explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] constexpr const std::string_view& operator*() const noexcept { return value_; }
  [[nodiscard]] constexpr const std::string_view* operator->() const noexcept { return &value_; }
  constexpr void reset() noexcept { value_ = {}; }

  friend constexpr bool operator==(text a, text b) noexcept {
    return a.has_value() == b.has_value() && a.value_ == b.value_;
  }

 private:
  std::string_view value_;  // points nowhere if absent
};

}  // namespace cartrelay::event
