#include "base/log.hpp"
#include "dispatch/destination_loop.hpp"
#include "dispatch/fault_in.hpp"
#include "queue/match.hpp"

#include <utility>

/// How a loop forgets the events of a customer.
namespace cartrelay::dispatch {

std::vector<queue::sequence> destination_loop::routed_here(const std::vector<queue::record>& events) const {
  std::vector<queue::sequence> numbers;
  for (const auto& each : events)
    if (queue::goes_to(each, held_.destination)) numbers.push_back(each.number);
  return numbers;
}

std::size_t destination_loop::withdraw(const std::vector<queue::record>& events) {
  rid_at_.reset();
  const auto ended = lane_.withdraw(routed_here(events), now());
  wake_.notify();
  return ended;
}

std::size_t destination_loop::withdraw_late(const std::vector<queue::record>& events) {
  const auto ended = lane_.withdraw(routed_here(events), now());
  if (ended == 0) return 0;
  rid_at_.reset();
  wake_.notify();
  return ended;
}

bool destination_loop::is_rid_of(const std::vector<queue::record>& events) {
  if (halted_) return true;
  if (lane_.holds(routed_here(events))) {
    rid_at_.reset();
    return false;
  }
  if (!rid_at_) {
    lane_.forget_shared_answers();
    rid_at_ = lane_.records().latest();
  }
  return lane_.records().durable(*rid_at_);
}

template <class Ask>
std::vector<queue::memory_entry> destination_loop::ask_kinds(Ask ask) const {
  std::vector<queue::memory_entry> out;
  for (const auto* with : {with_.get(), next_.get()}) {
    if (with == nullptr) continue;
    const auto fault = fault_in([&] {
      for (auto& key : ask(*with->kind))
        out.push_back({held_.destination, std::move(key)});
    });
    if (fault) base::log::warning("destination {}: {}", with_->given.name, *fault);
  }
  return out;
}

std::vector<queue::memory_entry> destination_loop::memory_of(const event::event& what) const {
  return ask_kinds([&](const destinations::destination& kind) { return kind.memory_keys(what); });
}

std::vector<queue::memory_entry> destination_loop::memory_of(const event::customer& who) const {
  return ask_kinds([&](const destinations::destination& kind) { return kind.memory_of(who); });
}

}  // namespace cartrelay::dispatch
