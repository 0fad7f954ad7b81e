#pragma once

#include "sandbox/document.hpp"
#include "sandbox/kept.hpp"
#include "sandbox/vendor.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cartrelay::sandbox {

/// Reloadify's shopping carts, `v2/languages/{language}/shopping_carts…`: carts with a set of products, soft
/// delete, listing with pages and time filters. Bearer token: the account's secret, or one that
/// `POST oauth/token` issued for the client credentials (client_secret is then the account's secret).
///
/// Choices where the vendor's text is silent: a fault answers `{"errors":[…]}` with 422, a DELETE 204, and
/// what is not there 404. A PUT of a deleted cart starts it anew.
class reloadify final : public vendor {
 public:
  explicit reloadify(std::size_t remembered) : carts_(remembered), tokens_(1'000) {}

  [[nodiscard]] answer receive(const call& incoming) override;
  void write_counters(base::json_writer& out) const override;
  void write_state(base::json_writer& out) const override;

 private:
  struct stamp {
    std::string text;
    base::timestamp at;
  };
  struct cart {
    std::string language;  // empty: never put
    std::string id;
    std::string profile_id;
    std::string currency, price, recovery_url, recovery_token;  // empty: null
    std::string custom_attributes = "[]";                       // as it came
    std::vector<std::string> product_ids;
    bool deleted = false;
    stamp created_at, updated_at;
    std::uint64_t puts = 0;
  };

  [[nodiscard]] answer issue_token(const call& incoming);
  [[nodiscard]] bool authorized(const call& incoming);
  [[nodiscard]] answer carts(const call& incoming, const std::string& language);
  [[nodiscard]] answer one_cart(const call& incoming, cart* found);
  [[nodiscard]] answer products(const call& incoming, cart& owner);
  [[nodiscard]] answer one_product(const call& incoming, cart& owner, const std::string& id);
  [[nodiscard]] answer list(const call& incoming, const std::string& language) const;
  [[nodiscard]] answer put(const call& incoming, const std::string& language);
  void update(cart& target, const value& from, base::timestamp now);

  static void write_cart(base::json_writer& out, const cart& what);

  kept<cart> carts_;              // by language and id
  kept<base::timestamp> tokens_;  // when they expire
  std::uint64_t cart_puts_ = 0, cart_deletes_ = 0, product_puts_ = 0, product_deletes_ = 0,
                tokens_issued_ = 0;
};

}  // namespace cartrelay::sandbox
