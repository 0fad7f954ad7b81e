#include "dispatch/event_cache.hpp"

#include <utility>

namespace cartrelay::dispatch {

event::event_ptr event_cache::find(queue::sequence number) {
  const auto found = places_.find(number);
  if (found == places_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  found->second->used_at = age_;
  return found->second->what;
}

void event_cache::add(queue::sequence number, event::event_ptr what) {
  if (places_.contains(number)) return;
  const auto bytes = event::footprint(*what);
  recent_.push_front({number, std::move(what), bytes, age_});
  places_.emplace(number, recent_.begin());
  bytes_ += bytes;
  while (bytes_ > max_bytes_ && recent_.size() > 1)
    drop_last();
}

void event_cache::grow_old() {
  ++age_;
  while (!recent_.empty() && recent_.back().used_at + 1 < age_)
    drop_last();
}

void event_cache::drop_last() {
  bytes_ -= recent_.back().bytes;
  places_.erase(recent_.back().number);
  recent_.pop_back();
}

void event_cache::remove(queue::sequence number) {
  const auto found = places_.find(number);
  if (found == places_.end()) return;
  bytes_ -= found->second->bytes;
  recent_.erase(found->second);
  places_.erase(found);
}

}  // namespace cartrelay::dispatch
