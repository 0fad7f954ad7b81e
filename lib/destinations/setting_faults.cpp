#include "destinations/setting_faults.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace cartrelay::destinations {

void setting_faults::add(std::string setting, std::string detail) {
  found_.push_back({std::move(setting), std::move(detail)});
}

std::string setting_faults::message() const {
  std::string out;
  for (const auto& [setting, detail] : found_)
    out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", setting, detail);
  return out;
}

void throw_exception_from_error(const setting_faults& found, const boost::source_location& where) {
  throw std::runtime_error(fmt::format("{}: {}", where.function_name(), found.message()));
}

}  // namespace cartrelay::destinations
