#pragma once

#include "queue/identity.hpp"
#include "queue/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The values that belong to events: log, routes, dedup, state. A decoder answers nothing if the checksum,
/// the format byte or the content is not what was written.
namespace cartrelay::queue::rocks {

/// An event's value in pieces, so that the event itself is copied once, to where it is written. It ends with
/// seal_of(its key, sum), when there is one.
struct event_value {
  std::string head;
  std::string_view stored;  ///< the new_event's
  std::uint32_t sum = 0;
};
[[nodiscard]] event_value encode_event(const new_event& value);
/// What stays of an erased event: its number, type, time and destinations. As a record, `stored` is empty.
[[nodiscard]] std::string encode_erased_event(std::string_view key, const record& value);
[[nodiscard]] inline bool is_erased(const record& value) noexcept {
  return value.stored.empty();
}
/// `key` is the log's key also for copies, which keep the log's bytes as they are.
[[nodiscard]] std::optional<record> decode_event(std::string_view key, std::string_view value);

/// So many sequences in a row that go to the same destinations.
struct route_run {
  std::uint64_t count = 0;
  std::vector<destination_id> to;

  friend bool operator==(const route_run&, const route_run&) = default;
};
[[nodiscard]] std::string encode_routes(std::string_view key, const std::vector<route_run>& runs);
[[nodiscard]] std::optional<std::vector<route_run>> decode_routes(std::string_view key,
                                                                  std::string_view value);

[[nodiscard]] std::string encode_identity(std::string_view key, const identity& value);
[[nodiscard]] std::optional<identity> decode_identity(std::string_view key, std::string_view value);

struct remembered {
  base::timestamp expires;
  std::string value;
};
[[nodiscard]] std::string encode_state(std::string_view key, const remembered& value);
[[nodiscard]] std::optional<remembered> decode_state(std::string_view key, std::string_view value);

}  // namespace cartrelay::queue::rocks
