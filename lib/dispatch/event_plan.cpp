#include "dispatch/event_plan.hpp"

#include "base/digest.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace cartrelay::dispatch {
namespace {

std::uint64_t cart_of(const event::event& what) {
  const auto& data = what.data;
  if (data.cart) return base::stable_hash(data.cart->id);
  if (data.order && data.order->cart_id) return base::stable_hash(*data.order->cart_id);
  return 0;
}

}  // namespace

rank rank_of(event::event_type type) noexcept {
  if (event::is_order(type)) return rank::order;
  return event::is_cart(type) ? rank::cart : rank::view;
}

bool event_plan::is_dead_letter() const noexcept {
  return verdict.what == destinations::screening::outcome::unmappable && rank == rank::order;
}

void event_plan::add_key(std::uint64_t key) noexcept {
  const auto known = keys();
  if (key_count_ == keys_.size() || std::find(known.begin(), known.end(), key) != known.end()) return;
  keys_[key_count_++] = key;
}

bool event_plan::shares_key(const event_plan& other) const noexcept {
  const auto others = other.keys();
  return std::any_of(keys().begin(), keys().end(), [&](std::uint64_t key) {
    return std::find(others.begin(), others.end(), key) != others.end();
  });
}

event_plan make_plan(const destinations::destination& where, const event::event& what) {
  event_plan out;
  out.rank = rank_of(what.type);
  out.cart = cart_of(what);
  out.boundary = event::is_order(what.type) || what.type == event::event_type::cart_deleted;
  out.verdict = where.screen(what);
  if (out.verdict.what != destinations::screening::outcome::send) return out;
  if (what.partition_key)
    out.add_key(base::stable_hash(std::string("partition:").append(*what.partition_key)));
  else
    for (const auto& key : where.order_keys(what))
      out.add_key(base::stable_hash(key));
  out.replaceable = event::is_cart(what.type) && !out.boundary;
  out.snapshot = out.replaceable && where.supersedes(what).has_value();
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  out.size = static_cast<std::uint32_t>(std::min(where.encoded_size(what), most));
  return out;
}

}  // namespace cartrelay::dispatch
