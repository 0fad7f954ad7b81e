#pragma once

#include "base/time.hpp"
#include "dispatch/event_plan.hpp"
#include "queue/types.hpp"

#include <memory>
#include <optional>
#include <string>

namespace cartrelay::dispatch {

/// What earlier attempts left behind.
struct past {
  queue::attempts tries;       ///< the answer shortened: the whole one is in the queue
  std::uint32_t failures = 0;  ///< that count for this event's own backoff
  std::optional<base::timestamp> next_attempt;
  std::string reason, memo, results;
  std::size_t company = 0;  ///< no batch of more holds it; 0: of any size
  bool stumbled = false;    ///< the vendor failed over it alone
};

/// An unfinished event of one destination, without its body.
struct pending_event {
  queue::sequence number = 0;
  event_plan plan;
  base::timestamp received_at, age_from;
  base::steady_time expires{};       ///< max_age after age_from
  base::steady_time not_before{};    ///< its own backoff; the epoch: at once
  base::steady_time linger_until{};  ///< a batch that holds it goes then at the latest
  bool in_flight = false;            ///< taken: in an attempt, or planned for one
  bool withdrawn = false;            ///< its customer is being erased: when it comes back, it ends
  bool bounded = false;              ///< no snapshot supersedes it: a boundary came after it, or may have
  bool has_row = false;              ///< the queue holds it as an exception, so the cursor may pass it
  std::unique_ptr<past> before;      ///< absent until the first attempt ended
};

}  // namespace cartrelay::dispatch
