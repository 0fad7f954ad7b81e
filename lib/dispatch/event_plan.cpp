#include "dispatch/event_plan.hpp"

#include "base/digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace cartrelay::dispatch {
namespace {

event::text cart_id_of(const event::event& what) {
  if (what.data.cart) return what.data.cart->id;
  return what.data.order ? what.data.order->cart_id : event::text();
}

/// The lengths keep the parts apart.
std::uint64_t very_cart(std::string_view source, std::string_view id, std::string_view place) {
  return base::stable_hash(fmt::format("{}:{}{}:{}{}", source.size(), source, id.size(), id, place));
}

}  // namespace

rank rank_of(event::event_type type) noexcept {
  if (event::is_order(type)) return rank::order;
  return event::is_cart(type) ? rank::cart : rank::view;
}

bool event_plan::is_dead_letter() const noexcept {
  return obstacle && obstacle->what == destinations::screening::outcome::unmappable && rank == rank::order;
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
  const auto cart = cart_id_of(what);
  if (cart) out.cart_id = base::stable_hash(*cart);
  out.boundary = event::is_order(what.type) || what.type == event::event_type::cart_deleted;
  auto screened = where.screen(what);
  if (screened.what != destinations::screening::outcome::send) {
    out.obstacle = std::move(screened);
    return out;
  }
  if (what.partition_key)
    out.add_key(base::stable_hash(std::string("partition:").append(*what.partition_key)));
  else
    for (const auto& key : where.order_keys(what))
      out.add_key(base::stable_hash(key));
  out.replaceable = cart && event::is_cart(what.type) && !out.boundary;
  if (out.replaceable) out.cart = very_cart(what.source, *cart, where.cart_place(what));
  out.snapshot = out.replaceable && where.supersedes(what);
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  out.size = static_cast<std::uint32_t>(std::min(where.encoded_size(what), most));
  return out;
}

}  // namespace cartrelay::dispatch
