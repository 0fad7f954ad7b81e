#include "event/fault.hpp"

#include <stdexcept>

namespace cartrelay::event {
namespace {

/// How many bytes the first `characters` of them take.
std::size_t bytes_of(std::string_view utf8, std::size_t characters) {
  std::size_t at = 0;
  for (; at < utf8.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(utf8[at]) & 0xc0u) != 0x80u;
    if (begins && characters-- == 0) break;
  }
  return at;
}

}  // namespace

void fault_list::add(fault found) {
  if (full()) return;
  bytes_ += found.pointer.size() + found.detail.size();
  list_.push_back(std::move(found));
}

void append_step(std::string& pointer, std::string_view name) {
  const auto shown = name.size() <= longest_step ? name.size() : bytes_of(name, longest_step);
  pointer += '/';
  for (const char c : name.substr(0, shown)) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
  if (shown < name.size()) pointer += "…";
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
