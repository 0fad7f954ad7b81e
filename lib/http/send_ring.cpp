#include "http/send_ring.hpp"

#include "base/log.hpp"

#include <boost/asio/error.hpp>
#include <liburing.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>

namespace cartrelay::http {
namespace {

constexpr unsigned entries = 64;
constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;

/// `result` is what send() returned, or an error number below zero.
void settle(send_ring::piece& one, int result) {
  if (result >= 0) one.sent = static_cast<std::size_t>(result);
  if (result < 0 && result != -EAGAIN)
    one.failure = {-result, boost::system::system_category()};
  else if (one.sent < one.bytes.size())
    one.failure = boost::asio::error::would_block;
}

std::string reason(int number) {
  return boost::system::error_code(number, boost::system::system_category()).message();
}

void send_one(send_ring::piece& one) {
  const auto sent = ::send(one.descriptor, one.bytes.data(), one.bytes.size(), flags);
  settle(one, sent < 0 ? -errno : static_cast<int>(sent));
}

}  // namespace

struct send_ring::ring {
  ring() noexcept : failure(io_uring_queue_init(entries, &shared, 0)) {}
  ring(const ring&) = delete;
  ring& operator=(const ring&) = delete;
  ~ring() {
    if (failure == 0) io_uring_queue_exit(&shared);
  }

  io_uring shared{};
  int failure;
};

send_ring::send_ring(bool may_use_io_uring) : may_use_(may_use_io_uring) {}
send_ring::~send_ring() = default;

void send_ring::send(std::span<piece> all) {
  if (all.size() > 1 && is_ready()) {
    while (!all.empty()) {
      const auto some = all.first(std::min<std::size_t>(all.size(), entries));
      send_together(some);
      all = all.subspan(some.size());
    }
  } else {
    std::for_each(all.begin(), all.end(), send_one);
  }
}

/// Containers often forbid it, which is no reason to say more than once that it is so.
bool send_ring::is_ready() {
  if (!ring_ && may_use_) {
    ring_ = std::make_unique<ring>();
    if (ring_->failure != 0) {
      base::log::debug("http: answers leave one by one, since there is no io_uring: {}",
                       reason(-ring_->failure));
      may_use_ = false;
    }
  }
  return may_use_;
}

/// None of these sends waits, so all have ended when the call returns. One of which that is not known counts
/// as failed: its connection is closed, and the client asks again.
void send_ring::send_together(std::span<piece> some) {
  auto& shared = ring_->shared;
  for (auto& one : some) {
    auto* const entry = io_uring_get_sqe(&shared);
    io_uring_prep_send(entry, one.descriptor, one.bytes.data(), one.bytes.size(), flags);
    io_uring_sqe_set_data(entry, &one);
    one.failure = boost::asio::error::connection_aborted;
  }
  for (auto left = static_cast<unsigned>(some.size()); left > 0;) {
    const int submitted = io_uring_submit_and_wait(&shared, left);
    if (submitted < 0 && submitted != -EINTR) {
      base::log::warning("http: io_uring failed: {}", reason(-submitted));
      may_use_ = false;
      return;
    }
    io_uring_cqe* done = nullptr;
    unsigned head = 0, count = 0;
    io_uring_for_each_cqe(&shared, head, done) {
      auto& one = *static_cast<piece*>(io_uring_cqe_get_data(done));
      one.failure = {};
      settle(one, done->res);
      ++count;
    }
    io_uring_cq_advance(&shared, count);
    left -= std::min(left, count);
  }
}

}  // namespace cartrelay::http
