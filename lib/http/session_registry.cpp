#include "http/session_registry.hpp"

#include "http/session.hpp"

namespace cartrelay::http {
namespace {

constexpr std::chrono::seconds may_rest{1};
constexpr std::chrono::milliseconds look_again{200};

}  // namespace

void session_registry::give_up_longest_idle() {
  session* longest = nullptr;
  auto since = std::chrono::steady_clock::now() - may_rest;
  for (auto& one : members) {
    const auto idle = one.idle_since();
    if (!idle || *idle > since) continue;
    since = *idle;
    longest = &one;
  }
  if (longest != nullptr) longest->finish_soon();
}

base::task<> session_registry::wait_for_place() {
  // Several may wait: whoever set the time last did it for all.
  if (freed.expiry() <= std::chrono::steady_clock::now()) freed.expires_after(look_again);
  co_await freed.async_wait(base::as_result);
}

}  // namespace cartrelay::http
