#include "dispatch/attempt.hpp"

#include "destinations/judge.hpp"
#include "dispatch/fault_in.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace cartrelay::dispatch {
namespace {

using destinations::judgement;
using destinations::verdict;

bool needs_evidence(const judgement& judged) {
  return judged.what == verdict::reject || judged.what == verdict::in_doubt;
}

judgement refused_by_kind(const std::string& words) {
  judgement out;
  out.what = verdict::reject;
  out.reason = "internal";
  out.detail = words;
  out.divisible = true;
  return out;
}

}  // namespace

template <class Step>
void attempt::guarded(Step step) {
  if (broken_) return;
  broken_ = fault_in(std::move(step));
  if (broken_) over_ = true;
}

attempt::attempt(const batch& what, const std::vector<event::event_ptr>& events, destinations::memory known,
                 destinations::destination& where, masking hide, std::string account, instant now)
    : hide_(std::move(hide)), memory_(std::move(account)), events_(events.size()), began_(now.wall) {
  std::vector<destinations::delivery_event> given;
  for (std::size_t i = 0; i < events.size(); ++i)
    given.push_back({events[i], what.memos.at(i)});
  guarded([&] { delivery_ = where.begin(std::move(given), memory_.own(std::move(known))); });
}

std::vector<destinations::memory_change> attempt::changes_before() {
  std::vector<destinations::memory_change> out;
  guarded([&] {
    out = memory_.forget_others();
    std::ranges::move(memory_.marked(delivery_->changes_before()), std::back_inserter(out));
  });
  return out;
}

const http::request* attempt::next(instant now) {
  unsent_.reset();
  if (over_) return nullptr;
  guarded([&] { unsent_ = delivery_->next(now.wall); });
  over_ = over_ || (!unsent_ && !delivery_->is_waiting());
  return unsent_ ? &*unsent_ : nullptr;
}

void attempt::take(const http::outcome& came, instant now) {
  last_ = std::exchange(unsent_, std::nullopt);
  if (last_) hide_.learn(*last_);
  status_ = came ? came->status : 0;
  answer_ = came ? came->body : came.error().detail;
  told_ = came ? destinations::retry_after(came->headers, now.wall) : std::nullopt;
  guarded([&] { delivery_->take(came); });
}

void attempt::abandon(std::string_view why) {
  unsent_.reset();
  over_ = true;
  abandoned_ = true;
  guarded([&] { delivery_->take(http::failure{http::stage::connect, std::string(why)}); });
}

void attempt::mask(judgement& judged) const {
  judged.detail = hide_.text(judged.detail);
  for (auto* json : {&judged.results, &judged.memo})
    *json = hide_.json(*json);
}

attempt_result attempt::result() {
  attempt_result out;
  out.began = began_;
  out.abandoned = abandoned_;
  guarded([&] {
    out.judgements = delivery_->judgements();
    out.changes = memory_.marked(delivery_->changes());
    if (out.judgements.size() != events_) throw std::logic_error("the kind judged another number of events");
  });
  if (broken_) {
    out.judgements.assign(events_, refused_by_kind(*broken_));
    out.changes.clear();
  }
  for (auto& judged : out.judgements) {
    mask(judged);
    if (judged.retry_after) judged.retry_after = told_;
  }
  if (!last_) return out;
  out.request = summary(*last_);
  out.status = status_;
  // More of it than is kept, since masking may shorten it.
  const auto beginning = std::string_view(answer_).substr(0, 2 * destinations::longest_evidence);
  out.answer = destinations::evidence(hide_.text(beginning));
  if (std::any_of(out.judgements.begin(), out.judgements.end(), needs_evidence))
    out.evidence = hide_.evidence(*last_);
  return out;
}

}  // namespace cartrelay::dispatch
