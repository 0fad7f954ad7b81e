#include "event/fault.hpp"

#include "base/text.hpp"

#include <stdexcept>

namespace cartrelay::event {

void fault_list::add(fault found) {
  if (full()) return;
  bytes_ += found.pointer.size() + found.detail.size();
  list_.push_back(std::move(found));
}

void append_step(std::string& pointer, std::string_view name) {
  const auto shown = base::utf8_first(name, longest_step);
  pointer += '/';
  for (const char c : shown) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
  if (shown.size() < name.size()) pointer += "…";
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
