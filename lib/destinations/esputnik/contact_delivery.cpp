#include "destinations/esputnik/contact_delivery.hpp"

#include "destinations/judge.hpp"

#include <utility>

namespace cartrelay::destinations::esputnik {
namespace {

constexpr const char* broken_off = "broken off before the event was sent";

}  // namespace

contact_delivery::contact_delivery(std::optional<import_call> import, http::request event,
                                   std::span<const base::secret> hidden)
    : import_(std::move(import)),
      event_(std::move(event)),
      hidden_(hidden),
      at_(import_ ? step::import : step::event),
      judged_(not_sent(broken_off)) {}

std::optional<http::request> contact_delivery::next(base::timestamp now) {
  if (at_ == step::over) return std::nullopt;
  now_ = now;
  return std::move(at_ == step::import ? import_->what : event_);
}

void contact_delivery::take(const http::outcome& came) {
  judged_ = judged(came);
  if (at_ == step::event) {
    at_ = step::over;
    return;
  }
  imported_ = judged_.what == verdict::delivered;
  if (imported_) {
    at_ = step::event;
    judged_ = not_sent(broken_off);
    return;
  }
  at_ = step::over;
  // The event itself was not sent, and importing a contact twice changes nothing.
  if (judged_.what == verdict::in_doubt) {
    judged_.what = verdict::retry;
    judged_.reason = "import_unanswered";
  }
  judged_.detail = "contact import: " + judged_.detail;
}

judgement contact_delivery::judged(const http::outcome& came) const {
  const auto safe = masked(came, hidden_);
  auto out = judge(safe ? *safe : came, now_);
  out.divisible = false;
  return out;
}

std::vector<judgement> contact_delivery::judgements() const {
  return {judged_};
}

std::vector<memory_change> contact_delivery::changes() const {
  if (!imported_) return {};
  return {{.key = import_->key, .value = "imported", .keep = std::chrono::hours(24 * 30)}};
}

}  // namespace cartrelay::destinations::esputnik
