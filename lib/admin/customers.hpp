#pragma once

#include "base/task.hpp"
#include "dispatch/dispatcher.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Forgetting customers: what the law calls erasure.
namespace cartrelay::admin {

/// Whom DELETE /v1/customers means.
struct customer_choice {
  queue::customer_key who;
  std::optional<http::response> refused;  ///< a 400: nothing is to be erased
};
/// Exactly one of `?id=`, `?email=` and `?phone=`. A bare plus sign is one in an address and in a phone; in
/// an id, which may hold a space too, it is refused. What is wrong is said without repeating the value. Pure.
[[nodiscard]] customer_choice parse_customer(std::string_view query);

/// {"erased":{"events","receipts","dead_letters","pending_discarded","vendor_state"},"files_clean","reason",
/// "set_aside"}, when it is done. On the dispatcher's thread, which outlives it.
[[nodiscard]] base::task<http::response> erase_customer(dispatch::dispatcher& delivery, std::string query,
                                                        std::string body);

}  // namespace cartrelay::admin
