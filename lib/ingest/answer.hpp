#pragma once

#include "base/error.hpp"
#include "event/fault.hpp"
#include "http/message.hpp"
#include "queue/inspect.hpp"
#include "queue/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the shop is told. Pure.
namespace cartrelay::ingest {

/// The idempotency keys of a request's events, in order: what an answer names them by.
using event_keys = std::vector<std::pair<std::string, std::string>>;  // source, id

/// 202, or 200 when all were duplicates, or 409 when one conflicts with what was accepted before.
[[nodiscard]] http::response answer_outcomes(const event_keys& keys,
                                             const std::vector<queue::append_outcome>& outcomes);
/// 400, or 413 for more events than one request may hold; every fault with its pointer. `consequence` ends
/// the words.
[[nodiscard]] http::response answer_faults(const event::faults& refused,
                                           std::string_view consequence = "; nothing of it was stored");
/// 413 if one of them, or several, is larger than the queue takes; else nothing.
[[nodiscard]] std::optional<http::response> refuse_large(const std::vector<queue::new_event>& submitted);
/// 404 for a receipt, with what the queue knows of why.
[[nodiscard]] http::response answer_not_found(const base::error& why = {});
/// The `reason` of a 503: `queue_full`, `busy`, `disk_low`, `stopping`, `read_only`, `unknown`, otherwise
/// `storage`.
[[nodiscard]] std::string_view reason_of(const boost::system::error_code& failure);
/// 503 with Retry-After and a reason that a program can read.
[[nodiscard]] http::response answer_unavailable(const base::error& failure);

/// `/livez` on any listener.
[[nodiscard]] http::response answer_liveness();
/// `/readyz`: 503 while the daemon is in this phase (`starting`, `stopping`; empty: neither), or the queue
/// takes nothing.
[[nodiscard]] http::response answer_readiness(std::string_view phase, const queue::queue_stats& held);

}  // namespace cartrelay::ingest
