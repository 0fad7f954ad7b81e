#include "base/error.hpp"

#include <stdexcept>

namespace cartrelay::base {

std::string error::message() const {
  if (detail.empty()) return code.message();
  return detail;
}

std::string system_message(int code) {
  return boost::system::error_code(code, boost::system::system_category()).message();
}

void throw_exception_from_error(const error& failure, const boost::source_location& where) {
  throw std::runtime_error(std::string(where.function_name()) + ": " + failure.message());
}

}  // namespace cartrelay::base
