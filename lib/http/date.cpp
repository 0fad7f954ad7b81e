#include "http/date.hpp"

#include "base/time.hpp"

#include <ctime>

namespace cartrelay::http {

const std::string& current_date() {
  thread_local std::time_t shown = -1;
  thread_local std::string text;
  if (const auto now = std::time(nullptr); now != shown) {
    shown = now;
    text = base::format_http_date(base::from_micros(std::int64_t{now} * 1'000'000));
  }
  return text;
}

}  // namespace cartrelay::http
