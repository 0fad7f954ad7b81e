#pragma once

#include "support.hpp"

namespace cartrelay::destinations::test {

/// A paid order whose items are `items`, of the session `ses-1`; `order_members` with a comma behind each.
inline event::event_ptr paid(std::string_view items, std::string_view order_members = {},
                             std::string_view data_members = R"("refs":{"rokt":{"session_id":"ses-1"}},)") {
  return make_event("order.paid",
                    fmt::format(R"({{{}"order":{{"id":"o-1","currency":"EUR","total":"1",{}"items":[{}]}}}})",
                                data_members, order_members, items));
}

/// An item that Rokt has a part in: `ci-<n>` and `res-<n>`.
inline std::string rokt_item(int n, std::string_view price = "10", std::string_view quantity = "1") {
  return fmt::format(
      R"({{"product_id":"p-{0}","unit_price":"{1}","quantity":{2},"refs":{{"rokt":{{"cart_item_id":"ci-{0}","reservation_id":"res-{0}"}}}}}})",
      n, price, quantity);
}
inline std::string plain_item() {
  return R"({"product_id":"book","unit_price":"5"})";
}

/// An entry of an answer's `items`.
inline std::string result_of(int n, bool success = true) {
  return fmt::format(
      R"({{"cartItemId":"ci-{0}","itemReservationId":"res-{0}","itemConfirmationId":"conf-{0}","itemConfirmationUrl":"https://park.example/{0}","success":{1}}})",
      n, success);
}
inline std::string answer_of(std::string_view items) {
  return fmt::format(R"({{"cartId":"c","orderId":"o-1","items":[{}]}})", items);
}

inline options rokt_options(settings own = {}) {
  own.try_emplace("tag_id", std::string("253_439"));
  return options_of("rokt", own);
}

}  // namespace cartrelay::destinations::test
