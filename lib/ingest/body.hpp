#pragma once

#include "event/parse.hpp"
#include "http/message.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace cartrelay::ingest {

/// How a request carries its events, by its Content-Type and ce-* fields.
struct binary_mode {
  friend bool operator==(const binary_mode&, const binary_mode&) = default;
};
using body_form = std::variant<event::encoding, binary_mode>;

/// Nothing: a media type (or charset) that is not taken, or none at all: 415.
[[nodiscard]] std::optional<body_form> form_of(const http::request& head);

/// An outline of each event of a whole request (event/parse.hpp). Pure; any thread.
[[nodiscard]] boost::system::result<void, event::faults> outline_events(
    const http::request& incoming, const body_form& form, std::size_t max_events, base::timestamp received_at,
    const event::options& rules, const event::event_sink& take);

/// The events of a whole request, with all that they hold. Pure; any thread.
[[nodiscard]] boost::system::result<std::vector<event::event>, event::faults> read_events(
    const http::request& incoming, const body_form& form, std::size_t max_events, base::timestamp received_at,
    const event::options& rules);

}  // namespace cartrelay::ingest
