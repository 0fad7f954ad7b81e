#pragma once

#include "event/fault.hpp"
#include "event/node.hpp"
#include "event/options.hpp"
#include "event/text_store.hpp"
#include "event/types.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::event {

/// What a string may be. Lengths in Unicode characters.
struct text_rule {
  std::size_t shortest;
  std::size_t longest;
  bool breaks = false;  ///< tab and newline may stand in it

  [[nodiscard]] bool allows(controls held) const noexcept {
    return held <= (breaks ? controls::breaks : controls::none);
  }
  [[nodiscard]] bool is_passed_by(std::string_view text) const noexcept;  ///< it is too long
};
inline constexpr text_rule identifier{1, 255};
inline constexpr text_rule short_text{0, 255, true};
inline constexpr text_rule long_text{0, 4'096, true};
inline constexpr text_rule long_line{0, 4'096};
inline constexpr text_rule location{1, 4'096};

/// Walks one event: knows where in it the walk is, reads values by rule, and collects every fault instead of
/// stopping at the first. A read that fails returns nothing and has reported why.
///
/// With a store it reads a whole event, whose strings are kept there; without one an outline, whose strings
/// are those of the document.
class reader {
 public:
  /// `rules`, `found` and `store` outlive the reader; `index` goes into each fault.
  reader(const options& rules, fault_list& found, std::optional<std::size_t> index,
         text_store* store = nullptr)
      : rules_(rules), found_(found), index_(index), store_(store) {}

  [[nodiscard]] const options& rules() const noexcept { return rules_; }
  [[nodiscard]] bool keeps_unknown() const noexcept {
    return rules_.unknown == options::unknown_members::keep;
  }

  /// What an outline leaves out is checked and not kept.
  [[nodiscard]] bool outlines() const noexcept { return store_ == nullptr; }

  /// A name or a text that was read, as a view for the event. Each one once.
  [[nodiscard]] std::string_view keep(std::string_view read) {
    return store_ == nullptr ? read : store_->keep(read);
  }

  /// A fault at the current place, and at a member of it that is missing or not wanted.
  void report(std::string detail);
  void report(std::string_view member, std::string detail);
  /// A member that nobody knows: refused, with the name that was probably meant; or kept, if the rules say so
  /// and its strings are clean. `remark` follows where no name is near.
  void unknown(const node& member, std::span<const std::string_view> known, std::string_view remark = {});

  bool expect(const node& value, node::kind what);
  std::optional<std::string_view> text(const node& value, const text_rule& rule);
  std::optional<base::decimal> money(const node& value);
  std::optional<base::number> positive(const node& value);
  std::optional<bool> boolean(const node& value);
  std::optional<moment> date_time(const node& value);  ///< kept
  /// An array of at most 1,000; false if it is none.
  bool array(const node& value);

  /// Where the walk is, while it lives.
  class step {
   public:
    step(reader& in, const node& member) : in_(in) { in_.path_[in_.depth_++] = {member.name, 0, false}; }
    step(reader& in, std::size_t index) : in_(in) { in_.path_[in_.depth_++] = {{}, index, true}; }
    step(const step&) = delete;
    step& operator=(const step&) = delete;
    ~step() { --in_.depth_; }

   private:
    reader& in_;
  };

 private:
  struct place {
    std::string_view name;
    std::size_t index;
    bool in_array;
  };

  [[nodiscard]] std::string pointer() const;
  void add(std::string pointer, std::string detail);
  void check_kept(const node& value);

  const options& rules_;
  fault_list& found_;
  std::optional<std::size_t> index_;
  text_store* store_;
  std::array<place, 34> path_;  // as deep as a document; the first depth_ are in use
  std::size_t depth_ = 0;
};

}  // namespace cartrelay::event
