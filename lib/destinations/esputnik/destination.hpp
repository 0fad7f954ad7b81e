#pragma once

#include "base/secret.hpp"
#include "destinations/destination.hpp"
#include "destinations/esputnik/order_params.hpp"

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
  [[nodiscard]] std::optional<std::string> supersedes(const event::event& what) const override;
  [[nodiscard]] std::vector<std::string> memory_keys(const event::event& what) const override;
  [[nodiscard]] std::vector<std::string> memory_of(const event::customer& who) const override;
  [[nodiscard]] std::unique_ptr<delivery> begin(std::vector<delivery_event> events, memory known) override;

 private:
  [[nodiscard]] params params_of(const event::event& what, const identity& who) const;
  [[nodiscard]] bool imports(const event::event& what, const identity& who) const;
  [[nodiscard]] http::request post(std::string_view path, std::string body) const;

  account where_;
  base::secret basic_;  // user and API key as they stand in the header
};

}  // namespace cartrelay::destinations::esputnik
