#pragma once

#include "destinations/destination.hpp"
#include "destinations/reloadify/cart_uses.hpp"
#include "destinations/reloadify/credentials.hpp"
#include "destinations/reloadify/languages.hpp"

#include <string>
#include <string_view>

namespace cartrelay::destinations::reloadify {

struct account {
  std::string url;
  reloadify::languages languages;
  bool delete_cart_on_order_paid = false;
};

/// One shop's carts at Reloadify.
class cart_destination final : public destination {
 public:
  cart_destination(account where, credentials tokens)
      : where_(std::move(where)), tokens_(std::move(tokens)) {}

  [[nodiscard]] screening screen(const event::event& what) const override;
  [[nodiscard]] std::vector<std::string> order_keys(const event::event& what) const override;
  [[nodiscard]] bool supersedes(const event::event& what) const override;
  [[nodiscard]] std::string cart_place(const event::event& what) const override;
  [[nodiscard]] std::vector<std::string> memory_keys(const event::event& what) const override;
  [[nodiscard]] std::unique_ptr<delivery> begin(std::vector<delivery_event> events, memory known) override;

 private:
  [[nodiscard]] std::vector<std::string> languages_of(const event::event& what) const;

  account where_;
  credentials tokens_;
  cart_uses uses_;
};

}  // namespace cartrelay::destinations::reloadify
