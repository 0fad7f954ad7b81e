#pragma once

#include "base/log.hpp"
#include "base/time.hpp"
#include "destinations/options.hpp"
#include "dispatch/attempt_result.hpp"
#include "dispatch/consequence.hpp"
#include "event/event.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::dispatch {

/// What the log says of single events at one destination, each with its trace, so that whoever has a trace
/// finds what became of it: dead letters as warnings, what is tried again as info, all else (and
/// `traceparent` and `tracestate` as they were sent) only in detail, at debug. Nothing of the event's data
/// and nothing that a vendor said is in a line; above debug only a trace-id of the right form. Those above
/// debug are at most most_lines a second, so that an outage does not fill the log; receipts have every event.
/// One thread.
class narrator {
 public:
  static constexpr std::size_t most_lines = 20;

  struct line {
    base::log::level at;
    std::string words;
  };

  /// What an attempt came to, event by event; `events` are those of `what`, and `fates` theirs. `detailed`:
  /// at debug too.
  [[nodiscard]] std::vector<line> after(const destinations::options& given, const batch& what,
                                        const std::vector<event::event_ptr>& events,
                                        const attempt_result& came, const std::vector<consequence>& fates,
                                        base::steady_time now, bool detailed);
  /// One that nobody was asked about: it cannot be sent there, or not be understood. Without `what` nobody
  /// can say of which type it is.
  [[nodiscard]] std::vector<line> dead_letter(const destinations::options& given, queue::sequence number,
                                              const event::event* what, std::string_view reason,
                                              base::steady_time now, bool detailed);
  /// So many grew too old to be sent, and nobody was asked.
  void expired(std::size_t count) noexcept { expired_.count += count; }
  /// So many were under way when an earlier process ended, and may not be sent again.
  void left_in_doubt(std::size_t count) noexcept { in_doubt_.count += count; }
  /// What was not told one by one and has waited long enough; all of it at the end.
  [[nodiscard]] std::vector<line> overdue(const destinations::options& given, base::steady_time now,
                                          bool at_the_end = false);
  /// When overdue() has something to say next.
  [[nodiscard]] base::steady_time due() const noexcept;

 private:
  /// False: too many lines this second. Adds how many were left out before.
  [[nodiscard]] bool admit(const destinations::options& given, base::steady_time now, bool detailed,
                           std::vector<line>& out);

  [[nodiscard]] line rest(const destinations::options& given);

  /// Told at once, and then now and then.
  struct tally {
    std::size_t count = 0;
    base::steady_time told{};

    [[nodiscard]] base::steady_time due() const noexcept;
    /// How many there are to tell of now.
    [[nodiscard]] std::size_t take(base::steady_time now, bool at_the_end) noexcept;
  };

  base::steady_time second_{};
  std::size_t lines_ = 0, left_out_ = 0;
  tally expired_, in_doubt_;
};

}  // namespace cartrelay::dispatch
