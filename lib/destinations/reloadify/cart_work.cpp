#include "destinations/reloadify/cart_work.hpp"

#include "destinations/reloadify/cart_body.hpp"

#include <utility>

namespace cartrelay::destinations::reloadify {
namespace {

std::string_view cart_id(const event::event& what) {
  if (const auto& cart = what.data.cart) return cart->id;
  return *what.data.order->cart_id;
}

bool removes_cart(event::event_type type) {
  return type == event::event_type::cart_deleted || type == event::event_type::order_paid;
}

memory_change forget(const std::string& key) {
  return {.key = key, .value = std::nullopt};
}

memory_change remember(const std::string& key, const product_set& products) {
  return {.key = key, .value = encode(products)};
}

/// That the cart is there, though nobody knows what it holds.
memory_change remember_the_place(const std::string& key) {
  return {.key = key, .value = std::string(unknown_products)};
}

}  // namespace

cart_work::cart_work(event::event_ptr what, std::string_view base_url, const std::vector<std::string>& where,
                     const memory& known, std::shared_ptr<const cart_use> use)
    : what_(std::move(what)), use_(std::move(use)) {
  for (const auto& language : where)
    calls_.emplace_back(base_url, language, cart_id(*what_));
  if (removes_cart(what_->type)) {
    plan_deletion(where, known);
    return;
  }
  keys_ = {memory_key(where.front(), cart_id(*what_))};
  if (const auto found = known.find(keys_.front()); found != known.end()) {
    held_ = decode(found->second);
    place_known_ = true;
  }
  remembered_ = held_.has_value();
  if (what_->type != event::event_type::cart_updated)
    plan_item();
  else if (remembered_)
    plan_snapshot();
  else
    steps_.push_back({call::list_products});
}

void cart_work::plan_snapshot() {
  const auto& items = *what_->data.cart->items;
  const auto change = compare(*held_, items);
  wanted_ = products_of(items);
  steps_.push_back({call::put_cart});
  for (const auto id : change.put)
    steps_.push_back({call::put_product, id});
  for (const auto id : change.remove)
    steps_.push_back({call::delete_product, id});
}

void cart_work::plan_item() {
  const auto id = what_->data.item->vendor_id();
  const bool added = what_->type == event::event_type::cart_item_added;
  steps_.push_back({call::put_cart});
  steps_.push_back({added ? call::put_product : call::delete_product, id});
  if (!held_) return;
  wanted_ = held_;
  if (added)
    wanted_->emplace(id);
  else
    wanted_->erase(std::string(id));
}

void cart_work::plan_deletion(const std::vector<std::string>& where, const memory& known) {
  for (std::size_t language = 0; language < where.size(); ++language) {
    steps_.push_back({call::delete_cart, {}, language});
    if (auto key = memory_key(where[language], cart_id(*what_)); known.contains(key))
      keys_.push_back(std::move(key));
  }
}

http::request cart_work::request_of(const step& one) const {
  const auto& at = calls_[one.language];
  switch (one.what) {
    case call::list_products:
      return at.list_products();
    case call::put_cart:
      return at.put_cart(cart_body(*what_->data.cart, *what_->data.customer->id));
    case call::put_product:
      return at.put_product(one.id);
    case call::delete_product:
      return at.delete_product(one.id);
    case call::delete_cart:
      return at.delete_cart();
  }
  return {};
}

http::request cart_work::begin_call() {
  const auto& one = steps_.front();
  placed_ = placed_ || !only_asks();
  touched_ = touched_ || (one.what != call::list_products && one.what != call::put_cart);
  return request_of(one);
}

bool cart_work::may_be_missing() const {
  const auto what = steps_.front().what;
  return what != call::put_cart && what != call::put_product;
}

bool cart_work::finish_call(const http::response& answer) {
  if (!only_asks()) {
    steps_.pop_front();
    return true;
  }
  held_ = answer.status == 404 ? product_set() : read_list(answer.body);
  if (!held_) return false;
  steps_.pop_front();
  plan_snapshot();
  return true;
}

std::vector<memory_change> cart_work::before() const {
  if (!remembered_ || !changes_set()) return {};
  return {remember_the_place(keys_.front())};
}

std::vector<memory_change> cart_work::after() const {
  return removes_cart(what_->type) ? after_deletion() : after_change();
}

/// One that failed is tried again, and still has to find the languages.
std::vector<memory_change> cart_work::after_deletion() const {
  std::vector<memory_change> out;
  if (touched_)
    for (const auto& key : keys_)
      out.push_back(done_alone() ? forget(key) : remember_the_place(key));
  return out;
}

std::vector<memory_change> cart_work::after_change() const {
  const auto& key = keys_.front();
  if (done_alone() && wanted_) return {remember(key, *wanted_)};
  const bool new_place = placed_ && !place_known_;
  if (use_->mixed ? placed_ || place_known_ : new_place) return {remember_the_place(key)};
  if (!remembered_ || !changes_set()) return {};
  return {touched_ ? remember_the_place(key) : remember(key, *held_)};  // the latter undoes before()
}

}  // namespace cartrelay::destinations::reloadify
