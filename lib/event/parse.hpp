#pragma once

#include "base/time.hpp"
#include "event/event.hpp"
#include "event/fault.hpp"
#include "event/options.hpp"

#include <boost/system/result.hpp>

#include <functional>
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

/// Gets an outline of each event as soon as it was read: without items, products, attributes, refs and
/// extensions, but enough to route it, to store its text and to find it again. The outline has no storage:
/// its strings and its json are views into the request and into what was read of it, good until the sink
/// returns. What is wanted longer has to be copied. Nothing counts if a fault is found in a later event.
using event_sink = std::function<void(const event&)>;

/// Every fault of every event, or every event: never a part. An outline of each goes to `take`, one after the
/// other, so that those of a large body need no memory together. Pure; any thread. `received_at` becomes each
/// event's received_at. An empty array is a fault.
[[nodiscard]] boost::system::result<void, faults> outline_body(std::string_view body, encoding how,
                                                               std::size_t max_events,
                                                               base::timestamp received_at,
                                                               const options& rules, const event_sink& take);

/// The same, with all of each event, which owns its text. Reads each one twice: for those who are in no
/// hurry.
[[nodiscard]] boost::system::result<std::vector<event>, faults> parse_body(std::string_view body,
                                                                           encoding how,
                                                                           std::size_t max_events,
                                                                           base::timestamp received_at,
                                                                           const options& rules);

/// Binary mode: `headers` are the ce-* headers (names in lower case without the prefix, values
/// percent-decoded), `data` is the body.
using attribute_list = std::span<const std::pair<std::string, std::string>>;
[[nodiscard]] boost::system::result<void, faults> outline_binary(attribute_list headers,
                                                                 std::string_view data,
                                                                 base::timestamp received_at,
                                                                 const options& rules,
                                                                 const event_sink& take);
[[nodiscard]] boost::system::result<event, faults> parse_binary(attribute_list headers, std::string_view data,
                                                                base::timestamp received_at,
                                                                const options& rules);

}  // namespace cartrelay::event
