#include "config/fault.hpp"

#include "base/escaped.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace cartrelay::config {

std::string fault::message() const {
  std::string out = file;
  if (line != 0) out += fmt::format(":{}", line);
  out += ": ";
  if (!key.empty()) out += key + ": ";
  return base::escaped(out + words);  // values and keys of the file are quoted as they stand
}

void throw_exception_from_error(const std::vector<fault>& found, const boost::source_location& where) {
  throw std::runtime_error(fmt::format("{}: {}", where.function_name(),
                                       found.empty() ? "no configuration" : found.front().message()));
}

}  // namespace cartrelay::config
