#include "destinations/esputnik/identity.hpp"

#include "base/text.hpp"
#include "destinations/mapping.hpp"

namespace cartrelay::destinations::esputnik {

std::optional<identity> identify(const event::event& what) {
  if (!what.data.customer) return std::nullopt;
  return identify(*what.data.customer);
}

std::optional<identity> identify(const event::customer& customer) {
  identity out{unless_empty(customer.email), unless_empty(customer.id), {}};
  if (customer.phone) out.phone = base::digits_of(*customer.phone);
  if (!out.has_channel() && !out.id) return std::nullopt;
  return out;
}

}  // namespace cartrelay::destinations::esputnik
