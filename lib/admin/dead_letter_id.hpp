#pragma once

#include "http/query_reader.hpp"
#include "ingest/receipt_json.hpp"
#include "queue/inspect.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Names that operators use, and the numbers that the queue knows. Pure.
namespace cartrelay::admin {

[[nodiscard]] std::optional<queue::destination_id> id_of(const ingest::destination_names& names,
                                                         std::string_view name);
/// What is wrong with a name that id_of does not find: the nearest one, or the list of them.
[[nodiscard]] std::string unknown_name(const ingest::destination_names& names, std::string_view name);
/// The parameter `destination`; nothing if it is absent, or refused because nobody has that name.
[[nodiscard]] std::optional<queue::destination_id> read_destination(http::query_reader& asked,
                                                                    const ingest::destination_names& names);
/// Empty if the queue does not know the number.
[[nodiscard]] std::string name_of(const ingest::destination_names& names, queue::destination_id id);

/// `{destination}-{sequence}`, as in `releva-1042`.
[[nodiscard]] std::string format_dead_letter_id(const queue::dead_letter_key& key,
                                                const ingest::destination_names& names);
/// Nothing if it is malformed or names a destination that the queue does not know.
[[nodiscard]] std::optional<queue::dead_letter_key> parse_dead_letter_id(
    std::string_view text, const ingest::destination_names& names);

}  // namespace cartrelay::admin
