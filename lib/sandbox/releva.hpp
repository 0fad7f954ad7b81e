#pragma once

#include "sandbox/document.hpp"
#include "sandbox/kept.hpp"
#include "sandbox/vendor.hpp"

#include <cstdint>

namespace cartrelay::sandbox {

/// Releva's bulk call for paid carts: `POST api/v0/carts`, bearer token, 202 with `{}`; a fault in one cart
/// refuses them all with `{"message": …}`.
class releva final : public vendor {
 public:
  explicit releva(std::size_t remembered) : orders_(remembered), unpaid_(remembered) {}

  [[nodiscard]] answer receive(const call& incoming) override;
  void write_counters(base::json_writer& out) const override;
  void write_state(base::json_writer& out) const override;

 private:
  struct cart {
    std::uint64_t times = 0;
    std::string json;  // as it came last
  };

  void take(const value& cart);

  kept<cart> orders_;  // by orderId
  kept<cart> unpaid_;  // by email, else phone number
  std::uint64_t carts_ = 0;
  std::uint64_t paid_ = 0;
  std::uint64_t repeated_orders_ = 0;
};

}  // namespace cartrelay::sandbox
