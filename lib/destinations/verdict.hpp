#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace cartrelay::destinations {

/// What an attempt means for one event.
enum class verdict : std::uint8_t {
  delivered,
  retry,         ///< transient: again later
  reject,        ///< permanent for this event (in a batch of several, 400/413/422 set `divisible`)
  unauthorized,  ///< the credential is wrong, not the event: the destination is suspended
  in_doubt,      ///< sent, and no complete answer came
};

struct judgement {
  verdict what = verdict::delivered;
  std::string reason;   ///< short class: `rejected`, `http_503`, `dns`, `connect`, `tls`, `in_doubt`,
                        ///< `items_not_confirmed`…; empty for delivered
  std::string detail;   ///< words for a person; no secrets
  std::string results;  ///< JSON that the shop can use (Rokt confirmations); empty if nothing
  std::string
      memo;  ///< what the kind wants back when this event is tried again or replayed (delivery_event::memo)
  bool divisible = false;  ///< reject of a whole batch: halve it until the refused event stands alone
  std::optional<std::chrono::seconds>
      retry_after;  ///< the vendor asked for it: holds the whole destination (not capped here)
};

}  // namespace cartrelay::destinations
