#pragma once

#include "base/random.hpp"
#include "destinations/options.hpp"
#include "dispatch/adaptive_limit.hpp"
#include "dispatch/breaker.hpp"
#include "dispatch/control.hpp"
#include "dispatch/hold.hpp"
#include "dispatch/instant.hpp"
#include "dispatch/status.hpp"
#include "dispatch/suspension.hpp"
#include "dispatch/token_bucket.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cartrelay::dispatch {

/// What one attempt told of its destination.
struct signal {
  enum class kind {
    alive,         ///< it was answered, whatever the answer meant for the events
    failed,        ///< no answer, or one that means "not now"
    throttled,     ///< 429
    unauthorized,  ///< the credential was refused
    abandoned,     ///< we broke it off: says nothing
  };
  kind what = kind::alive;
  bool probe = false;
  bool sent = true;                  ///< at least one request went out
  std::optional<std::uint64_t> key;  ///< an order key of the attempt; absent: it was of several
  bool known = false;                ///< the vendor stumbled over this one event before, and does so again
  std::string reason;
  std::optional<std::chrono::seconds> retry_after;
};

/// Whether a destination may send now: pause, hold, suspension, breaker, concurrency and rate in one place.
/// No event's own affair is known here.
class governor {
 public:
  governor(const destinations::options& given, instant now);

  struct opening {
    bool open = false;
    bool probe = false;                         ///< open for one attempt with one event
    std::optional<base::steady_time> opens_at;  ///< closed until then; absent: until something happens
  };
  [[nodiscard]] opening look(instant now, std::size_t in_flight) const;
  /// An attempt begins; a token is kept for its first request.
  void begin(bool probe) noexcept;
  /// A request is to go out now. Absent: it may, and counts. Else ask again then.
  [[nodiscard]] std::optional<base::steady_time> admit(bool first, instant now);
  /// Whether an attempt must not send its next request: the operator or the vendor asked to leave the vendor
  /// alone, or it refuses us.
  [[nodiscard]] bool interrupts(bool probe, instant now) const;
  /// One request came back, or did not.
  void measure(bool overloaded, base::duration latency, instant now);
  /// An attempt ended. True if this changed what has to survive a restart.
  [[nodiscard]] bool end(const signal& what, instant now, base::random_source& random);
  /// Whether failures are the destination's affair now, and no event's.
  [[nodiscard]] bool down() const noexcept { return breaker_.now_is() != breaker::state::closed; }

  /// False for one that is not paused asks for the probe of one that is down or suspended at once; what the
  /// vendor asked for holds.
  void pause(bool paused, instant now);
  /// New options. Another account ends a suspension; another address ends whatever its vendor asked for or
  /// could not do, and another way to it (anchor, proxy, timeouts) what it could not do. True if this changed
  /// what has to survive a restart.
  [[nodiscard]] bool change(const destinations::options& given, instant now);

  [[nodiscard]] control to_store(instant now) const;
  /// True if it is not what is to be stored: it was about another kind, account or address.
  [[nodiscard]] bool restore(control known, instant now);

  [[nodiscard]] destination_state state(instant now) const;
  [[nodiscard]] std::string reason(instant now) const;
  /// Absent unless it is doubted for nothing but failures: from then on an event may go as its probe.
  [[nodiscard]] std::optional<base::steady_time> probe_due() const;

 private:
  /// What decides, beside its address, whether a vendor can be reached.
  struct way {
    explicit way(const destinations::options& given);

    std::string ca_file, ca_digest, proxy;
    std::chrono::milliseconds connect_timeout, request_timeout;

    friend bool operator==(const way&, const way&) = default;
  };
  bool end_suspended(const signal& what, instant now);

  destinations::retry_options retry_;
  bool enabled_, paused_ = false;
  std::string kind_;
  std::string account_, address_;  // their marks
  way way_;
  dispatch::hold hold_;
  dispatch::suspension suspension_;
  dispatch::breaker breaker_;
  adaptive_limit limit_;
  token_bucket bucket_;
  destinations::rate_options rate_;
  std::size_t expected_ = 0;  // attempts whose first request is yet to come
  bool probing_ = false;
};

}  // namespace cartrelay::dispatch
