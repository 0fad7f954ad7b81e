#include "daemon/retention_clock.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::daemon {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds time_to_be_set = 10min;
constexpr auto small_leap = 1h;
constexpr auto time_to_stand = 1h;

/// By how much the wall clock has run ahead of the steady one since then.
base::duration ahead(dispatch::instant now, dispatch::instant before) {
  return (now.wall - before.wall) - (now.steady - before.steady);
}

}  // namespace

retention_clock::reading retention_clock::look(dispatch::instant now, std::chrono::milliseconds shortest) {
  reading out;
  out.told = judge(now);
  last_ = now;
  if (now.steady - start_ >= std::min(time_to_be_set, shortest))
    out.now = believed_ ? dispatch::wall_of(now.steady, *believed_) : now.wall;
  return out;
}

std::optional<std::string> retention_clock::judge(dispatch::instant now) {
  if (const auto leap = ahead(now, last_); leap > small_leap) {
    if (!believed_) believed_ = last_;
    leapt_at_ = now.steady;
    const auto hours = std::chrono::round<std::chrono::hours>(leap);
    return fmt::format(
        "the machine's clock leapt {} ahead: unless it is put back, retention goes by it in 1h",
        base::format_duration(hours));
  }
  if (!believed_) return std::nullopt;
  const bool put_back = ahead(now, *believed_) <= small_leap;
  if (!put_back && now.steady - leapt_at_ < time_to_stand) return std::nullopt;
  believed_.reset();
  return put_back ? "the machine's clock has been put back, and retention goes by it again"
                  : "the machine's clock has stood for 1h since it leapt, and retention goes by it again";
}

}  // namespace cartrelay::daemon
