#pragma once

#include "sandbox/document.hpp"
#include "sandbox/kept.hpp"
#include "sandbox/vendor.hpp"

#include <cstdint>

namespace cartrelay::sandbox {

/// Elevate 3's add-to-cart notification: `POST api/v1/notifications/adding-to-cart`, no credential in a
/// header, 204; 400 without a ticket; 403 for a SHA-256 customer key that the token does not vouch for. The
/// account's secret stands for the one token that does; none set: any token does.
class elevate final : public vendor {
 public:
  explicit elevate(std::size_t remembered) : notifications_(remembered) {}

  [[nodiscard]] answer receive(const call& incoming) override;
  void write_counters(base::json_writer& out) const override;
  void write_state(base::json_writer& out) const override;

 private:
  struct notification {
    std::uint64_t times = 0;
    std::string json;  // as it came last
  };

  kept<notification> notifications_;  // by id
  std::uint64_t taken_ = 0;
  std::uint64_t repeated_ = 0;
};

}  // namespace cartrelay::sandbox
