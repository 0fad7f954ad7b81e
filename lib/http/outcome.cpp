#include "http/outcome.hpp"

#include <stdexcept>

namespace cartrelay::http {

void throw_exception_from_error(const failure& failed, const boost::source_location& where) {
  throw std::runtime_error(std::string(where.function_name()) + ": " + failed.detail);
}

}  // namespace cartrelay::http
