#pragma once

#include "sandbox/document.hpp"
#include "sandbox/kept.hpp"
#include "sandbox/shape.hpp"
#include "sandbox/vendor.hpp"

#include <cstdint>

namespace cartrelay::sandbox {

/// Rokt's `POST v1/Cart/confirm`: every item of the answer says for itself whether it was confirmed.
/// Confirming an item again gives it another confirmation, as a provider would that fulfils twice, and is
/// counted.
///
/// An item whose reservation id contains `refused` comes back `success: false`, and one whose reservation id
/// contains `missing` does not come back at all.
class rokt final : public vendor {
 public:
  explicit rokt(std::size_t remembered) : items_(remembered), orders_(remembered) {}

  [[nodiscard]] answer receive(const call& incoming) override;
  void write_counters(base::json_writer& out) const override;
  void write_state(base::json_writer& out) const override;

 private:
  struct item {
    std::uint64_t confirmations = 0;
    std::string order_id;
    std::string confirmation_id;  // the last
  };
  struct order {
    std::uint64_t times = 0;
    std::string json;  // as it came last
  };

  [[nodiscard]] http::response confirm(const call& incoming, const value& body);
  void confirm_item(const value& what, std::string_view order_id, bool refused, base::json_writer& out);

  kept<item> items_;    // by reservation id and cart item id
  kept<order> orders_;  // by orderId
  std::uint64_t confirmed_ = 0, refused_items_ = 0, double_fulfilments_ = 0, repeated_orders_ = 0;
};

}  // namespace cartrelay::sandbox
