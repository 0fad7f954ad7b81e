#pragma once

#include <boost/assert/source_location.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
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
  invalid,    ///< JSON, but not a valid event
  too_many,   ///< more events than one request may hold
};

struct faults {
  fault_kind kind = fault_kind::invalid;
  std::vector<fault> list;  ///< never empty; in document order; at most max_faults
};

inline constexpr std::size_t max_faults = 100;

/// Appends a reference token (RFC 6901) to a JSON pointer.
void append_step(std::string& pointer, std::string_view name);
void append_step(std::string& pointer, std::size_t index);

/// What boost::system::result calls when the value of a refused body is taken: a broken invariant.
[[noreturn]] void throw_exception_from_error(const faults& refused, const boost::source_location& where);

}  // namespace cartrelay::event
