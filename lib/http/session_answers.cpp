#include "base/log.hpp"
#include "base/release.hpp"
#include "http/date.hpp"
#include "http/response_text.hpp"
#include "http/session.hpp"

#include <boost/asio/error.hpp>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>

/// The part of a session that answers.
namespace cartrelay::http {
namespace {

using boost::system::error_code;

// Of what a client sends after its last answer.
constexpr std::size_t most_dropped = 64 << 20;

// Of an answer that has to be waited for: what a client has to read within write_timeout. Enough to hold what
// try_write() may leave half done.
constexpr std::size_t write_step = 256 << 10;

}  // namespace

response session::failure_answer() {
  return problem(500, "The request could not be handled.");
}

/// Puts the answer behind those that wait to be written. Whether another request may follow.
bool session::answer(const response& what, bool keep_alive) {
  if (what.status == 0) {
    abort();
    return false;
  }
  const auto last = limits_->max_requests_per_connection;
  const auto option = what.headers.find("Connection");
  answer_framing framing;
  framing.keep_alive = keep_alive && facts_.keep_alive && !registry_->stopping &&
                       (last == 0 || served_ < last) && (!option || *option != "close");
  framing.version_1_0 = facts_.version_1_0;
  framing.without_body = facts_.is_head;
  framing.date = current_date();
  lingers_ = !framing.keep_alive;
  if (!append_response(output_, what, framing)) {
    base::log::error("an answer held a header field that cannot be sent");
    if (!append_response(output_, failure_answer(), framing)) return false;
  }
  count_large(unread_, output_.size());
  return framing.keep_alive;
}

/// What has been done is told in any case: such an answer is hardly larger than the body that asked for it,
/// which found room.
bool session::has_room_for(const response& what) const noexcept {
  return request_.method != "GET" || facts_.is_head || !is_too_much(what.body.size());
}

/// Answers, reads nothing more and closes, although the request has not been read to its end. False.
bool session::turn_away(const response& what) {
  base::log::debug("turned a request from {} away with {}", peer_.address, what.status);
  input_.clear();
  return answer(what, false);
}

bool session::refuse(int status, std::string_view detail) {
  ++registry_->counters.refused_framing;
  registry_->target.note_refused();
  return turn_away(problem(status, detail));
}

bool session::refuse_large(std::string_view what) {
  return refuse(413, fmt::format("The {} is larger than {} bytes (max_body).", what, limits_->max_body));
}

bool session::refuse(const head_verdict& why) {
  if (!why.foreign) return refuse(why.status, why.detail);
  ++registry_->counters.refused_framing;
  turn_away(problem(why.status, why.detail));
  lingers_ = false;
  return false;
}

/// Writes what can be written at once; usually that is all.
bool session::must_wait_to_write() {
  if (output_.empty()) return false;
  error_code failure;
  const auto written = transport_->try_write(output_, failure);
  return !has_sent(written, failure);
}

/// Whether that was all.
bool session::has_sent(std::size_t count, const error_code& failure) {
  if (count == output_.size()) {
    output_.clear();
    if (output_.capacity() > memory_kept) base::release(output_);
    count_large(unread_, 0);
    return true;
  }
  output_.erase(0, count);
  if (failure != boost::asio::error::would_block) abort();
  return false;
}

/// Whether all that waits to be written will be, without this session's doing.
bool session::leaves_with_others() {
  return !output_.empty() && transport_->is_plain() && registry_->burst->add(*this);
}

int session::descriptor() noexcept {
  return transport_->socket().native_handle();
}

/// What is left has to be waited for, by the one who waits for a request now.
void session::on_sent(std::size_t count, const error_code& failure) noexcept {
  if (has_sent(count, failure) || expired_) return;
  interrupted_ = true;
  transport_->cancel();
}

base::task<bool> session::flush() {
  if (!transport_->socket().is_open()) co_return false;
  const auto before = phase_;
  phase_ = phase::writing;
  std::size_t written = 0;
  bool open = true;
  while (open && written < output_.size()) {
    const auto piece = std::string_view(output_).substr(written, write_step);
    expires_after(limits_->write_timeout);
    const auto done = co_await transport_->write(piece);
    written += piece.size();
    open = !std::get<0>(done) && !expired_;
    forget_written(written);
  }
  never_expires();
  phase_ = before;
  base::release(output_);
  count_large(unread_, 0);
  co_return open;
}

/// Gives the memory of what has been written back whenever that is half of it all: a client may take its time
/// for the rest, which is moved as seldom as that.
void session::forget_written(std::size_t& count) {
  if (output_.size() <= memory_kept || count < output_.size() / 2) return;
  output_ = output_.substr(count);
  count = 0;
  count_large(unread_, output_.size());
}

/// Whether answers have not arrived yet, as far as the system knows.
bool session::has_answers_under_way() {
  int count = 0;
  return !output_.empty() || (::ioctl(descriptor(), SIOCOUTQ, &count) == 0 && count > 0);
}

/// Lets the client read its last answer, and throws away what it still sends: closing at once would reset the
/// connection, and the reset would overtake the answer. Ends with the client's end.
base::task<> session::linger() {
  rest_until_request();
  phase_ = phase::lingering;
  const auto silence = limits_->linger_timeout;
  const auto end = rested_ + std::max(limits_->request_timeout, silence);
  expires_after(registry_->stopping ? parting_time : silence);
  const auto finished = co_await transport_->finish();
  bool open = !std::get<0>(finished);
  input_.clear();
  for (std::size_t dropped = 0; open && !expired_ && dropped < most_dropped;) {
    const auto space = input_.prepare();
    const auto done = co_await transport_->socket().async_read_some(space, base::as_result);
    open = !std::get<0>(done);
    dropped += std::get<1>(done);
    if (!registry_->stopping) expires_at(std::min(end, std::chrono::steady_clock::now() + silence));
  }
}

}  // namespace cartrelay::http
