#pragma once

#include "event/event.hpp"
#include "queue/inspect.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What a search's conditions mean, the same for every engine. Pure.
namespace cartrelay::queue {

/// What an index keeps of a term's value: without blanks around it, ASCII letters in lower case, so that an
/// e-mail address is found however it was written. Whether an id is the very one, has_terms tells.
[[nodiscard]] std::string indexed_form(std::string_view value);

/// The terms by which an event is found again.
[[nodiscard]] std::vector<index_term> index_terms(const event::event& of);

[[nodiscard]] bool goes_to(const record& event, destination_id id) noexcept;

/// Whether the event itself has every term: an index only hints. False for an event that cannot be decoded.
[[nodiscard]] bool has_terms(const record& event, const std::vector<index_term>& terms);

/// The name of a line's state in receipts: `pending`, `retrying`, or how it ended.
[[nodiscard]] std::string_view state_name(const receipt_line& line) noexcept;

/// The conditions on the record alone: type, time, and whether the destination was to get it.
[[nodiscard]] bool matches_record(const receipt_query& query, const record& event);
/// Whether one of the lines (of the destination that is asked for, if one is) has the state that is asked
/// for.
[[nodiscard]] bool matches_lines(const receipt_query& query, const std::vector<receipt_line>& lines);

/// All of a dead letter query's conditions but `after` and `limit`.
[[nodiscard]] bool matches_dead_letter(const dead_letter_query& query, destination_id destination,
                                       const end& ended);

}  // namespace cartrelay::queue
