#pragma once

#include "destinations/delivery.hpp"
#include "destinations/reloadify/calls.hpp"
#include "destinations/reloadify/cart_uses.hpp"
#include "destinations/reloadify/product_set.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::destinations::reloadify {

/// What one event asks of the vendor: its calls one after the other, and what is then known of the cart's
/// products. Knows neither tokens nor failures: those are cart_delivery's.
///
/// The products that stand at the vendor are remembered so that a snapshot costs only its difference. While
/// calls that change them are under way they are not known: before() says so until after(). Otherwise a crash
/// in the middle would leave the old set remembered, and a newer snapshot that replaces this event would
/// never take back what was half done.
///
/// Where a cart was put is remembered even if its products are not known: it has to be found there by a
/// deletion that names another language. That is all that is remembered where other deliveries of the cart
/// were under way at the same time.
class cart_work {
 public:
  /// `where`: the languages in which the cart may stand; exactly one unless the cart is to go.
  cart_work(event::event_ptr what, std::string_view base_url, const std::vector<std::string>& where,
            const memory& known, std::shared_ptr<const cart_use> use);
  cart_work(cart_work&&) = default;  // never copied: its steps are views into its own set

  [[nodiscard]] bool done() const noexcept { return steps_.empty(); }
  /// The call that is next (without Authorization), and that it was handed out.
  [[nodiscard]] http::request begin_call();
  /// Whether "there is no such thing" is as good as success: a DELETE, and asking for the products.
  [[nodiscard]] bool may_be_missing() const;
  /// Whether the call only asks for the products.
  [[nodiscard]] bool only_asks() const { return steps_.front().what == call::list_products; }
  /// The call succeeded, or what it names is not there. False: the answer cannot be understood, nothing was
  /// advanced.
  [[nodiscard]] bool finish_call(const http::response& answer);

  /// To be made durable before the first call.
  [[nodiscard]] std::vector<memory_change> before() const;
  /// When no more calls will be made, done or not.
  [[nodiscard]] std::vector<memory_change> after() const;

 private:
  enum class call { list_products, put_cart, put_product, delete_product, delete_cart };
  /// A request is made of it when it is sent: a snapshot may ask for a hundred thousand.
  struct step {
    call what;
    std::string_view id = {};  // of the product: a view into the event or into held_
    std::size_t language = 0;  // among those of the cart
  };

  void plan_snapshot();
  void plan_item();
  void plan_deletion(const std::vector<std::string>& where, const memory& known);
  [[nodiscard]] http::request request_of(const step& one) const;
  [[nodiscard]] bool done_alone() const { return done() && !use_->mixed; }
  [[nodiscard]] std::vector<memory_change> after_deletion() const;
  [[nodiscard]] std::vector<memory_change> after_change() const;
  [[nodiscard]] bool changes_set() const { return held_ != wanted_; }

  event::event_ptr what_;
  std::shared_ptr<const cart_use> use_;
  std::vector<calls> calls_;  // in each of its languages
  std::deque<step> steps_;
  std::vector<std::string> keys_;      // of the memory; what this event is about
  bool remembered_ = false;            // held_ comes from the memory
  std::optional<product_set> held_;    // before the first call, if known
  std::optional<product_set> wanted_;  // after the last call, if known
  bool place_known_ = false;           // the memory has the cart, with its products or without
  bool placed_ = false;                // a call that changes the cart was handed out
  bool touched_ = false;               // one that changes its products
};

}  // namespace cartrelay::destinations::reloadify
