#include "http/session.hpp"

#include "base/log.hpp"
#include "base/release.hpp"
#include "http/gzip.hpp"
#include "http/request_head.hpp"
#include "http/response_text.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace cartrelay::http {
namespace {

constexpr std::size_t read_size = 16 << 10;
constexpr std::size_t body_step = 64 << 10;
// Bodies up to this size are no burden, even one on every connection.
constexpr std::size_t small_body = 64 << 10;

}  // namespace

session::session(std::unique_ptr<transport> connected, peer from, std::shared_ptr<session_registry> registry)
    : transport_(std::move(connected)),
      peer_(std::move(from)),
      registry_(std::move(registry)),
      limits_(registry_->limits),
      input_(std::max(read_size, limits_->max_header + 1)),
      rested_(std::chrono::steady_clock::now()) {
  ++registry_->counters.connections_open;
  registry_->members.push_back(*this);
  registry_->deadlines->add(*this);
}

session::~session() {
  count_large(held_, 0);
  count_large(unread_, 0);
  --registry_->counters.connections_open;
  registry_->freed.cancel();
}

void session::finish_soon() noexcept {
  if (phase_ == phase::lingering && registry_->stopping) return expires_after(parting_time);
  if (!idle_since()) return;
  expired_ = true;
  transport_->cancel();
}

void session::abort() noexcept {
  expired_ = true;
  transport_->close();
}

std::optional<base::steady_time> session::idle_since() const noexcept {
  const bool needs_its_place = phase_ != phase::idle && phase_ != phase::lingering;
  return needs_its_place ? std::nullopt : std::optional(rested_);
}

void session::on_deadline() noexcept {
  expired_ = true;
  transport_->cancel();
}

base::task<> session::run() {
  try {
    co_await serve();
  } catch (const std::exception& broken) {
    base::log::error("a connection from {} ended by an exception: {}", peer_.address, broken.what());
  }
  never_expires();
  transport_->close();
}

base::task<> session::serve() {
  expires_after(limits_->header_timeout);
  const auto ready = co_await transport_->handshake(transport::role::server);
  bool open = !std::get<0>(ready) && !expired_;
  if (!open) {
    tell_failed_handshake(std::get<0>(ready));
    co_return;
  }
  while (open) {
    const auto more = co_await serve_request();
    open = more;
  }
  if (must_wait_to_write()) {
    const auto written = co_await flush();
    if (!written) co_return;
  }
  if (lingers_) {
    co_await linger();
  } else {
    expires_after(limits_->write_timeout);
    co_await transport_->finish();
  }
}

void session::tell_failed_handshake(const boost::system::error_code& why) {
  const auto line = registry_->refused_tls.note(peer_.address, why, std::chrono::steady_clock::now());
  if (line) base::log::warning("{}: {}", fmt::join(limits_->listen, ", "), *line);
}

base::task<bool> session::serve_request() {
  const auto has_head = co_await receive_head();
  if (!has_head) co_return false;
  ++registry_->counters.requests;
  ++served_;
  const auto early = screen();
  if (early) {
    const bool has_body = facts_.framing != head_facts::body::none;
    co_return answer(*early, !has_body);
  }
  if (!accept_body()) co_return false;
  const auto has_body = co_await receive_body();
  if (!has_body || !inflate_body()) co_return false;

  if (must_wait_to_write()) {
    const auto written = co_await flush();
    if (!written) co_return false;
  }
  auto done = co_await ask_handler();
  if (!has_room_for(done))
    done = unavailable("busy", "Too many large answers wait to be read.", std::chrono::seconds(1));
  if (!done.script) co_return answer(done, true);
  co_await play(done.script);
  co_return false;
}

// --- reading

void session::rest_until_request() {
  phase_ = phase::idle;
  rested_ = std::chrono::steady_clock::now();
  count_large(held_, 0);
  if (request_.body.capacity() > memory_kept) base::release(request_.body);
}

void session::begin_request() {
  started_ = std::chrono::steady_clock::now();
  limits_ = registry_->limits;
  facts_ = {};
  phase_ = phase::head;
}

void session::arm_read_deadline() {
  switch (phase_) {
    case phase::idle:
      return expires_at(rested_ + (served_ == 0 ? std::min(limits_->header_timeout, limits_->idle_timeout)
                                                : limits_->idle_timeout));
    case phase::head:
      return expires_at(started_ + std::min(limits_->header_timeout, limits_->request_timeout));
    default:
      return expires_at(started_ + limits_->request_timeout);
  }
}

base::task<std::size_t> session::receive(boost::asio::mutable_buffer into) {
  while (true) {
    if (!leaves_with_others() && must_wait_to_write()) {
      const auto written = co_await flush();
      if (!written) co_return 0;
    }
    if (phase_ == phase::idle && registry_->stopping) break;
    arm_read_deadline();
    const auto done = co_await transport_->read_some(into);
    never_expires();
    const bool interrupted = std::exchange(interrupted_, false);
    if (interrupted) transport_->resume();
    if (!std::get<0>(done) && !expired_) co_return std::get<1>(done);
    if (expired_) break;
    if (!interrupted) co_return 0;  // the client is gone
  }
  if (!transport_->socket().is_open()) co_return 0;
  expired_ = false;  // what it meant to end is over; what follows has its own deadlines
  transport_->resume();
  if (phase_ == phase::idle)
    lingers_ = served_ > 0 && has_answers_under_way();
  else
    refuse(408, "The request did not arrive in time.");
  co_return 0;
}

base::task<bool> session::receive_head() {
  std::size_t seen = 0;
  rest_until_request();
  if (!input_.empty()) begin_request();
  while (true) {
    const head_limits most{std::min(limits_->max_header, input_.capacity() - 1), limits_->max_fields};
    const auto verdict = check_head(input_.data(), most, seen);
    if (verdict.what == head_verdict::state::refused) co_return refuse(verdict);
    if (verdict.what == head_verdict::state::complete) {
      facts_ = verdict.facts;
      if (!read_request_head(input_.data().substr(0, facts_.size), request_))
        co_return refuse(400, "The request's header is malformed.");
      input_.consume(facts_.size);
      if (facts_.is_head) request_.method = "GET";
      co_return true;
    }
    seen = input_.size();
    const auto space = input_.prepare();
    const auto count = co_await receive(space);
    if (count == 0) co_return false;
    if (phase_ == phase::idle) begin_request();
    input_.commit(count);
  }
}

bool session::accept_body() {
  phase_ = phase::body;
  if (facts_.framing == head_facts::body::sized && facts_.length > limits_->max_body)
    return refuse_large("body");
  if (facts_.content == head_facts::coding::unknown)
    return refuse(415, "The only Content-Encoding known here is gzip.");
  const bool is_all_here = facts_.framing == head_facts::body::none ||
                           (facts_.framing == head_facts::body::sized && facts_.length <= input_.size());
  if (facts_.expects_continue && !is_all_here) output_ += continue_response;
  return true;
}

base::task<bool> session::receive_body() {
  switch (facts_.framing) {
    case head_facts::body::none:
      break;
    case head_facts::body::sized:
      co_return co_await receive_sized();
    case head_facts::body::chunked:
      co_return co_await receive_chunked();
  }
  co_return true;
}

base::task<bool> session::receive_sized() {
  auto& body = request_.body;
  const auto length = static_cast<std::size_t>(facts_.length);
  body.assign(input_.data().substr(0, length));
  input_.consume(body.size());
  while (body.size() < length) {
    // What a client announces is only allocated as it arrives; large bodies are read where they stay.
    const auto have = body.size();
    if (!hold_body(std::min(length, have + body_step))) co_return false;
    body.resize(std::min(length, have + body_step));
    const auto space = boost::asio::buffer(body) + have;
    const auto count = co_await receive(space);
    if (count == 0) co_return false;
    body.resize(have + count);
  }
  co_return true;
}

base::task<bool> session::receive_chunked() {
  chunk_decoder decoder(limits_->max_body);
  while (true) {
    auto rest = input_.data();
    const auto state = decoder.feed(rest, request_.body);
    input_.consume(input_.size() - rest.size());
    if (state == chunk_decoder::state::done) co_return true;
    if (state == chunk_decoder::state::too_large) co_return refuse_large("body");
    if (state == chunk_decoder::state::malformed) co_return refuse(400, "The chunked body is malformed.");
    if (!hold_body(request_.body.size())) co_return false;
    const auto space = input_.prepare();
    const auto count = co_await receive(space);
    if (count == 0) co_return false;
    input_.commit(count);
  }
}

bool session::inflate_body() {
  if (facts_.content != head_facts::coding::gzip || facts_.framing == head_facts::body::none) return true;
  std::string plain;
  const auto end = inflate_gzip(request_.body, limits_->max_body, plain);
  if (end == inflate_end::too_large) return refuse_large("inflated body");
  if (end == inflate_end::malformed) return refuse(400, "The body is not valid gzip.");
  request_.body = std::move(plain);
  return hold_body(request_.body.size());
}

/// Counts the body among the large ones that are held. False: there are too many already, and the client has
/// been told so.
bool session::hold_body(std::size_t size) {
  if (size > held_ && is_too_much(size))
    return turn_away(unavailable("busy", "Too many large requests at once.", std::chrono::seconds(1)));
  count_large(held_, size);
  return true;
}

void session::count_large(std::size_t& mine, std::size_t size) noexcept {
  const auto counted = size > small_body ? size : 0;
  registry_->large_bodies += counted - mine;
  mine = counted;
}

/// Beside what other connections hold.
bool session::is_too_much(std::size_t size) const noexcept {
  const auto others = registry_->large_bodies - held_ - unread_;
  // One alone may be as large as it likes: otherwise it would be refused for ever.
  return size > small_body && others > 0 && others + size > limits_->max_large_bodies;
}

// --- answering

std::optional<response> session::screen() {
  try {
    return registry_->target.screen(request_, peer_);
  } catch (const std::exception& broken) {
    base::log::error("screening a request failed: {}", broken.what());
  }
  return failure_answer();
}

base::task<response> session::ask_handler() {
  phase_ = phase::handling;
  try {
    auto done = co_await registry_->target.handle(request_, peer_);
    co_return done;
  } catch (const std::exception& broken) {
    base::log::error("handling a request failed: {}", broken.what());
  }
  co_return failure_answer();
}

}  // namespace cartrelay::http
