#pragma once

#include "base/time.hpp"
#include "event/event.hpp"
#include "event/fault.hpp"
#include "event/options.hpp"

#include <boost/system/result.hpp>

#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace cartrelay::event {

/// How the body holds its events.
enum class encoding {
  json,        ///< application/json: one event, or an array of them
  structured,  ///< application/cloudevents+json: one event, specversion required
  batch,       ///< application/cloudevents-batch+json: an array, specversion required in each
  ndjson,      ///< application/x-ndjson: one event a line, blank lines passed over
};

/// Every fault of every event, or every event: never a part. Pure; any thread.
/// `received_at` becomes each event's received_at. An empty array is a fault.
[[nodiscard]] boost::system::result<std::vector<event>, faults> parse_body(std::string_view body,
                                                                           encoding how,
                                                                           std::size_t max_events,
                                                                           base::timestamp received_at,
                                                                           const options& rules);

/// Binary mode: `headers` are the ce-* headers (names in lower case without the prefix, values
/// percent-decoded), `data` is the body.
[[nodiscard]] boost::system::result<event, faults> parse_binary(
    std::span<const std::pair<std::string, std::string>> headers, std::string_view data,
    base::timestamp received_at, const options& rules);

}  // namespace cartrelay::event
