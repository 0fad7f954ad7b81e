#pragma once

#include "base/task.hpp"
#include "base/time.hpp"
#include "dispatch/dispatcher.hpp"
#include "event/parse.hpp"
#include "http/message.hpp"

#include <optional>

namespace cartrelay::admin {

/// Nothing if the body is said to be of a type that ingest takes for one event; else a 415.
[[nodiscard]] std::optional<http::response> refuse_preview_media_type(const http::request& head);

/// {"destinations":[{"destination","verdict","reason","requests":[{"method","url","headers":{},"body"}]}]}:
/// the requests, secrets masked, that the event in the body would become at each destination, by what that
/// remembers now. Nothing is sent and nothing stored. A body that ingest would refuse is refused in the same
/// words. On the dispatcher's thread. The dispatcher and the request outlive it.
[[nodiscard]] base::task<http::response> preview_answer(dispatch::dispatcher& delivery,
                                                        const http::request& incoming,
                                                        const event::options& rules, base::timestamp now);

}  // namespace cartrelay::admin
