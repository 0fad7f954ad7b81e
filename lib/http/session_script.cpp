#include "http/session.hpp"
#include "http/wire_script.hpp"

#include <boost/asio/socket_base.hpp>

#include <algorithm>

/// The part of a session that plays a sick peer.
namespace cartrelay::http {
namespace {

// How soon a pause notices that the session was aborted.
constexpr std::chrono::milliseconds slice{100};

}  // namespace

base::task<> session::play(std::shared_ptr<const wire_script> script) {
  bool going = true;
  if (must_wait_to_write()) {
    const auto written = co_await flush();
    going = written;
  }
  for (auto step = script->steps.begin(); going && step != script->steps.end(); ++step) {
    co_await rest(step->pause);
    output_ = step->bytes;
    const auto written = co_await flush();
    going = written;
  }
  if (going && script->last == wire_script::ending::hold) co_await hold();
  if (script->last == wire_script::ending::reset) {
    boost::system::error_code ignored;
    transport_->socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
  }
  abort();
}

base::task<> session::rest(std::chrono::milliseconds span) {
  base::timer pause(transport_->socket().get_executor());
  const auto end = std::chrono::steady_clock::now() + span;
  while (!expired_ && std::chrono::steady_clock::now() < end) {
    pause.expires_at(std::min(end, std::chrono::steady_clock::now() + slice));
    co_await pause.async_wait(base::as_result);
  }
}

/// Reads and throws away until the peer closes or the server stops.
base::task<> session::hold() {
  never_expires();
  phase_ = phase::idle;  // so that a stopping server need not wait for its grace
  bool open = true;
  while (open && !expired_) {
    input_.clear();
    const auto space = input_.prepare();
    const auto done = co_await transport_->socket().async_read_some(space, base::as_result);
    open = !std::get<0>(done);
  }
}

}  // namespace cartrelay::http
