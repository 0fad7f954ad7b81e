#pragma once

#include "base/secret.hpp"
#include "destinations/destination.hpp"
#include "destinations/esputnik/order_params.hpp"

#include <array>
#include <string>

namespace cartrelay::destinations::esputnik {

struct account {
  std::string url;
  base::secret api_key;
  order_rules orders;
  bool import_contacts = true;
};

/// One shop's contacts at eSputnik. Its deliveries keep nothing here, so every call is pure.
class contact_destination final : public destination {
 public:
  explicit contact_destination(account where);

  [[nodiscard]] screening screen(const event::event& what) const override;
  [[nodiscard]] std::vector<std::string> order_keys(const event::event& what) const override;
  [[nodiscard]] bool supersedes(const event::event& what) const override;
  [[nodiscard]] std::vector<std::string> memory_keys(const event::event& what) const override;
  [[nodiscard]] std::vector<std::string> memory_of(const event::customer& who) const override;
  [[nodiscard]] std::unique_ptr<delivery> begin(std::vector<delivery_event> events, memory known) override;

 private:
  void add_params(params& out, const event::event& what, const identity& who) const;
  [[nodiscard]] std::string event_body(const event::event& what, const identity& who) const;
  [[nodiscard]] bool imports(const event::event& what, const identity& who) const;
  [[nodiscard]] http::request post(const std::string& url, std::string body) const;

  account where_;
  std::string event_url_, contacts_url_;
  std::array<base::secret, 2> hidden_;  // the API key, and user and API key as they stand in the header
};

}  // namespace cartrelay::destinations::esputnik
