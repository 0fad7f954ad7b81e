#pragma once

#include "destinations/destination.hpp"
#include "dispatch/account_memory.hpp"
#include "dispatch/attempt_result.hpp"
#include "dispatch/instant.hpp"
#include "dispatch/masking.hpp"
#include "http/outcome.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::dispatch {

/// One batch on its way through its kind's delivery, with the record of it: what was asked, what came back.
/// Does no I/O. A kind that throws does not take the others down with it: its events are judged refused, so
/// that the one it cannot cope with ends as a dead letter (reason `internal`). No secret leaves it: whatever
/// a vendor echoed or a kind said is masked here, for every kind.
///
///   changes_before(), request = next(now), make both durable (the request where it is marked) ·
///   while (request) { take(outcome, now) or abandon(), request = next(now) } · result()
class attempt {
 public:
  /// `events` belong to `what.numbers`, in their order. `known`, and the changes, are as they are stored;
  /// `account` is the mark of the one that is delivered to. `where` outlives it.
  attempt(const batch& what, const std::vector<event::event_ptr>& events, destinations::memory known,
          destinations::destination& where, masking hide, std::string account, instant now);

  [[nodiscard]] std::vector<destinations::memory_change> changes_before();
  /// What is to be asked next, good until take() or abandon(); null: nothing any more, or not yet.
  [[nodiscard]] const http::request* next(instant now);
  /// After next(): as destinations::delivery has it.
  [[nodiscard]] bool is_waiting() const noexcept { return !over_ && !unsent_; }
  [[nodiscard]] bool safe_to_repeat() const { return delivery_->safe_to_repeat(); }
  /// `now`: when it came. A Retry-After counts from here, however long the answer took.
  void take(const http::outcome& came, instant now);
  /// The request that next() gave last is not sent, and no other will be.
  void abandon(std::string_view why);
  /// Broken off by us while a request was under way: how it failed says nothing about the vendor.
  void broken_off() noexcept { abandoned_ = true; }

  [[nodiscard]] attempt_result result();

 private:
  template <class Step>
  void guarded(Step step);
  void mask(destinations::judgement& judged) const;

  masking hide_;  // with what this attempt's requests carry
  account_memory memory_;
  std::size_t events_;
  base::timestamp began_;
  std::unique_ptr<destinations::delivery> delivery_;
  std::optional<http::request> last_, unsent_;
  int status_ = 0;
  std::string answer_;
  std::optional<std::chrono::seconds> told_;  // to wait, by the last answer
  bool over_ = false, abandoned_ = false;
  std::optional<std::string> broken_;  // what the kind threw
};

}  // namespace cartrelay::dispatch
