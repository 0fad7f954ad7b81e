#include "tests/fuzz/promise.hpp"

#include <boost/json/parse.hpp>

#include <cstdio>
#include <cstdlib>

namespace cartrelay::fuzz {

void report_and_abort(std::string_view promise, std::string_view found) noexcept {
  std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
  if (!found.empty()) std::fprintf(stderr, "found: %.*s\n", static_cast<int>(found.size()), found.data());
  std::abort();
}

bool is_json(std::string_view text) {
  boost::json::error_code failed;
  boost::json::parse_options options;
  options.max_depth = 128;
  static_cast<void>(boost::json::parse(text, failed, {}, options));
  return !failed;
}

}  // namespace cartrelay::fuzz
