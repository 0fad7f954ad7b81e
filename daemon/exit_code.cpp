#include "daemon/exit_code.hpp"

#include "destinations/errc.hpp"
#include "dispatch/errc.hpp"
#include "http/errc.hpp"
#include "queue/errc.hpp"

namespace cartrelay::daemon {

int exit_code_of(const boost::system::error_code& code) {
  using boost::system::errc::make_error_condition;
  namespace systems = boost::system::errc;
  if (code == queue::errc::locked || code == http::errc::address_in_use) return exit_busy;
  if (code == queue::errc::incompatible || code == queue::errc::damaged) return exit_config;
  for (const auto* settled :
       {&http::http_category(), &destinations::destinations_category(), &dispatch::dispatch_category()})
    if (code.category() == *settled) return exit_config;
  for (const auto refusal : {systems::permission_denied, systems::operation_not_permitted,
                             systems::read_only_file_system, systems::not_a_directory})
    if (code == make_error_condition(refusal)) return exit_config;
  return exit_storage;
}

}  // namespace cartrelay::daemon
