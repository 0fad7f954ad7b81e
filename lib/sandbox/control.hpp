#pragma once

#include "base/task.hpp"
#include "http/message.hpp"
#include "sandbox/fault.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/tenants.hpp"
#include "sandbox/wait_list.hpp"

#include <string>

namespace cartrelay::sandbox {

/// What the sandbox consists of, apart from its port.
struct stage {
  tenants accounts;
  fault_book faults;
  journal arrivals;
  wait_list arrived;  ///< woken at each arrival
  wait_list delayed;  ///< answers that are held back
};

/// The paths below `/_sandbox`: reading back what arrived and what came of it, faults, accounts, reset.
/// Errors are problem documents. One thread; `on` outlives it.
class control {
 public:
  explicit control(stage& on) : stage_(on) {}

  [[nodiscard]] base::task<http::response> handle(const http::request& incoming);

 private:
  [[nodiscard]] base::task<http::response> requests(const http::request& incoming);
  [[nodiscard]] http::response state(const http::request& incoming) const;
  [[nodiscard]] http::response reset();
  [[nodiscard]] http::response faults(const http::request& incoming);
  [[nodiscard]] http::response add_fault(const http::request& incoming);
  [[nodiscard]] http::response one_fault(const http::request& incoming, std::string_view id);
  [[nodiscard]] http::response change_account(const http::request& incoming);

  stage& stage_;
};

}  // namespace cartrelay::sandbox
