#pragma once

#include "queue/types.hpp"
#include "queue/unit.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The values that belong to a destination's progress: ends, exceptions, units. A decoder answers nothing if
/// the value is not what was written.
namespace cartrelay::queue::rocks {

/// For `ends`, the evidence is left out: it stands in `dead_letters`.
enum class evidence { keep, leave };
[[nodiscard]] std::string encode_end(std::string_view key, const end& value, evidence what);
[[nodiscard]] std::optional<end> decode_end(std::string_view key, std::string_view value);

/// How an event ends of which nothing is left to send, or to tell, because a row of it is damaged.
[[nodiscard]] end corrupt_end(sequence number, std::string detail);

struct stored_exception {
  exception value;
  bool has_copy = false;  ///< of the event, in `copies`
};
[[nodiscard]] std::string encode_exception(std::string_view key, const exception& value, bool has_copy);
[[nodiscard]] std::optional<stored_exception> decode_exception(std::string_view key, std::string_view value);

/// Name, epoch, cursor and totals. The control text has an entry of its own.
[[nodiscard]] std::string encode_unit(std::string_view key, const unit& value);
[[nodiscard]] std::optional<unit> decode_unit(std::string_view key, std::string_view value);

[[nodiscard]] std::string encode_control(std::string_view key, std::string_view value);
[[nodiscard]] std::optional<std::string> decode_control(std::string_view key, std::string_view value);

}  // namespace cartrelay::queue::rocks
