#pragma once

#include "destinations/verdict.hpp"
#include "event/event.hpp"
#include "http/message.hpp"
#include "http/outcome.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::destinations {

/// A destination's durable memory as a delivery sees it: key → value.
using memory = std::map<std::string, std::string>;
/// A change to it, made durable together with the events' ends.
struct memory_change {
  std::string key;
  std::optional<std::string> value;  ///< absent: forget
  std::chrono::hours keep{24 * 30};
};

/// An event on its way to a vendor.
struct delivery_event {
  event::event_ptr what;
  std::string memo;  ///< from an earlier judgement; empty at the first attempt
};

/// One attempt at delivering one event or a batch: asks for requests one after the other and judges what came
/// back. Does no I/O itself, so tests, the preview and the dispatcher run the very same code.
///
///   … make delivery.changes_before() durable
///   while (auto request = delivery.next(now)) delivery.take(outcome of sending it);
///   … delivery.judgements(), delivery.changes()
class delivery {
 public:
  delivery() = default;
  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;
  virtual ~delivery() = default;

  /// What has to be durable before the first request goes out: asked for once, before next(). A delivery that
  /// changes what the memory describes forgets it here, so that a crash cannot leave a memory that is no
  /// longer true. Empty for most.
  [[nodiscard]] virtual std::vector<memory_change> changes_before() const { return {}; }
  /// The next request to send (target: whole URL), or nothing when the attempt is over. `now` stamps what
  /// needs a stamp.
  [[nodiscard]] virtual std::optional<http::request> next(base::timestamp now) = 0;
  /// next() gave nothing because another delivery of this destination is fetching what this one needs, too:
  /// ask again when that one was answered, or is over.
  [[nodiscard]] virtual bool is_waiting() const { return false; }
  /// What became of it.
  virtual void take(const http::outcome& came) = 0;
  /// Whether the request that next() gave last may be sent again on a fresh connection if a reused one failed
  /// before any answer. The dispatcher does so only where the setting `on_in_doubt` allows repeats.
  [[nodiscard]] virtual bool safe_to_repeat() const = 0;
  /// When over: one per event, in the order given to begin().
  [[nodiscard]] virtual std::vector<judgement> judgements() const = 0;
  /// When over, also after a failure: what is to be remembered (a half-sent snapshot makes it unknown).
  [[nodiscard]] virtual std::vector<memory_change> changes() const = 0;
};

}  // namespace cartrelay::destinations
