#pragma once

#include "base/time.hpp"
#include "dispatch/dispatcher.hpp"
#include "dispatch/memories.hpp"
#include "event/event.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::dispatch {

/// What an event would become at one destination.
struct preview {
  std::string destination;
  std::string_view verdict;             ///< `send`, `skipped` or `unmappable`
  std::string reason, detail;           ///< why not `send`
  std::vector<http::request> requests;  ///< as they would go out, secrets masked
};

/// For every destination that would get the event, in their order: the very requests that a delivery makes
/// while everything succeeds, beginning with what is `known` of the destinations' memories. Answers are made
/// up: 404 to what asks for something, success with a token to everything else. Sends nothing, stores
/// nothing.
[[nodiscard]] std::vector<preview> preview_event(const event::event_ptr& what, const routing_table& where,
                                                 const memories& known, base::timestamp now);

}  // namespace cartrelay::dispatch
