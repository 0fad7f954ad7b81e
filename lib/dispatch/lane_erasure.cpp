#include "dispatch/erased.hpp"
#include "dispatch/lane.hpp"

#include <algorithm>
#include <functional>

/// How a lane forgets the events of a customer.
namespace cartrelay::dispatch {
namespace {

/// The answer to a batch may quote any of its events.
void forget_shared_answer(queue::attempts& tries) {
  if (!tries.batch.empty()) tries.answer.clear();
}

void forget_shared_answer(pending_event& what) {
  if (what.before) forget_shared_answer(what.before->tries);
}

}  // namespace

std::size_t lane::withdraw(const std::vector<queue::sequence>& numbers, instant now) {
  std::size_t ended = 0;
  for (const auto number : numbers) {
    if (auto* held = window_.find(number)) {
      held->withdrawn = true;
      if (held->in_flight && !unplan(number)) continue;
      end_pending(*held, erased(number), now);
    } else if (const auto back = returning_.find(number); back != returning_.end()) {
      auto how = erased(number);
      const auto& planned = back->second.planned;
      if (planned && planned->before) how.tries = std::move(planned->before->tries);
      returning_.erase(back);
      end(std::move(how), now);
    } else if (is_ahead(number)) {
      // Not read yet: it is not to be offered any more.
      passed_.insert(std::lower_bound(passed_.begin(), passed_.end(), number, std::greater<>()), number);
      end(erased(number), now);
    } else {
      continue;
    }
    ++ended;
  }
  return ended;
}

/// It was to go in a batch that has not begun.
bool lane::unplan(queue::sequence number) {
  for (auto part = planned_.begin(); part != planned_.end(); ++part) {
    if (std::erase(*part, number) == 0) continue;
    if (part->empty()) planned_.erase(part);
    return true;
  }
  return false;
}

bool lane::is_ahead(queue::sequence number) const {
  return number > position_ && !std::binary_search(passed_.begin(), passed_.end(), number, std::greater<>());
}

bool lane::holds(const std::vector<queue::sequence>& numbers) const {
  return std::ranges::any_of(numbers,
                             [this](queue::sequence number) { return window_.all().contains(number); });
}

void lane::forget_shared_answers() {
  window_.for_each([](pending_event& other) { forget_shared_answer(other); });
  for (auto& [number, back] : returning_) {
    if (back.row) forget_shared_answer(back.row->tries);
    if (back.planned) forget_shared_answer(*back.planned);
  }
}

}  // namespace cartrelay::dispatch
