#pragma once

#include <boost/assert/source_location.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cartrelay::event {

/// One thing that is wrong with a body: where (JSON pointer, RFC 6901, into the event), and what was
/// expected.
struct fault {
  std::string pointer;
  std::string detail;
  std::optional<std::size_t> index;  ///< which event of an array or NDJSON body; absent for single events

  friend bool operator==(const fault&, const fault&) = default;
};

enum class fault_kind {
  malformed,  ///< not JSON, not UTF-8, duplicate member, too deep: nothing was interpreted
  invalid,    ///< JSON, but not a valid event; or an attribute beside it that no event can have
  too_many,   ///< more events than one request may hold
};

struct faults {
  fault_kind kind = fault_kind::invalid;
  std::vector<fault> list;  ///< never empty; faults of the text first; as many as a fault_list takes
};

inline constexpr std::size_t max_faults = 100;
inline constexpr std::size_t max_fault_bytes = 64 << 10;

/// Faults up to what one answer should hold, in the order in which they were found. Whoever makes them asks
/// full() first: each repeats names that the sender chose, so a small body could ask for a large answer.
class fault_list {
 public:
  /// No more are wanted: there are max_faults, or their texts have reached max_fault_bytes.
  [[nodiscard]] bool full() const noexcept { return list_.size() >= max_faults || bytes_ >= max_fault_bytes; }
  /// Passed over when the list is full.
  void add(fault found);

  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  [[nodiscard]] const std::vector<fault>& all() const noexcept { return list_; }
  [[nodiscard]] std::vector<fault> take() && { return std::move(list_); }

 private:
  std::vector<fault> list_;
  std::size_t bytes_ = 0;
};

inline constexpr std::size_t longest_step = 512;  ///< characters: twice what a name may have

/// Appends a reference token (RFC 6901) to a JSON pointer. Of a name longer than longest_step its
/// beginning stands there, with `…` behind it.
void append_step(std::string& pointer, std::string_view name);
void append_step(std::string& pointer, std::size_t index);

/// What boost::system::result calls when the value of a refused body is taken: a broken invariant.
[[noreturn]] void throw_exception_from_error(const faults& refused, const boost::source_location& where);

}  // namespace cartrelay::event
