#include "event/fault.hpp"

#include <stdexcept>

namespace cartrelay::event {

void append_step(std::string& pointer, std::string_view name) {
  pointer += '/';
  for (const char c : name) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
}

void append_step(std::string& pointer, std::size_t index) {
  pointer += '/';
  pointer += std::to_string(index);
}

void throw_exception_from_error(const faults& refused, const boost::source_location& where) {
  throw std::logic_error(std::string(where.function_name()) + ": the events of a refused body were taken (" +
                         refused.list.front().pointer + ": " + refused.list.front().detail + ")");
}

}  // namespace cartrelay::event
