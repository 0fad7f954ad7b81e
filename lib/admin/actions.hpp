#pragma once

#include "base/task.hpp"
#include "dispatch/dispatcher.hpp"
#include "http/message.hpp"
#include "ingest/receipt_json.hpp"

#include <optional>
#include <string>

/// What operators change. Each is durable before it is answered. On the dispatcher's thread; arguments are
/// owned by the coroutine but for the dispatcher, which outlives it.
namespace cartrelay::admin {

/// {"replayed":n}: how many of the dead letters that `body` selects became work again.
[[nodiscard]] base::task<http::response> replay(dispatch::dispatcher& delivery, std::string body,
                                                ingest::destination_names names);
/// {"discarded":n}
[[nodiscard]] base::task<http::response> discard(dispatch::dispatcher& delivery, std::string body,
                                                 ingest::destination_names names);
/// {"name","state"} as it is then; 404 for a name that is no destination. A body, if there is one, is `{}`.
[[nodiscard]] base::task<http::response> pause(dispatch::dispatcher& delivery, std::string name,
                                               std::string body);
[[nodiscard]] base::task<http::response> resume(dispatch::dispatcher& delivery, std::string name,
                                                std::string body);

/// Nothing, or a 400: these have nothing to say in a body, which may be `{}`.
[[nodiscard]] std::optional<http::response> refuse_body(const std::string& body);

}  // namespace cartrelay::admin
