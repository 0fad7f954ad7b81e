#include "http/connection.hpp"

#include "http/address.hpp"
#include "http/request_text.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace cartrelay::http {
namespace {

using boost::system::error_code;

constexpr std::size_t input_size = 16 << 10;
constexpr std::size_t max_proxy_answer = 64 << 10;  // as of a vendor's header

/// What stands in the place of the status. Empty if the answer is not HTTP.
std::string_view status_of(std::string_view answer) {
  const bool is_http = answer.size() > 12 && answer.starts_with("HTTP/1.") && answer[8] == ' ';
  return is_http ? answer.substr(9, 3) : std::string_view();
}

/// ` (407)`: whose fault a refusal is.
std::string in_brackets(std::string_view status) {
  const bool is_number = !status.empty() && status.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? fmt::format(" ({})", status) : std::string();
}

}  // namespace

connection::connection(connection_setting& shared, endpoint peer)
    : shared_(shared), peer_(std::move(peer)), socket_(shared.where) {
  shared_.deadlines->add(*this);
}

connection::~connection() {
  close();
}

void connection::on_deadline() noexcept {
  expired_ = true;
  if (resting_)
    close();
  else if (transport_)
    transport_->cancel();
  else
    socket_.close();
}

void connection::abort() noexcept {
  aborted_ = true;
  if (transport_)
    transport_->cancel();
  else
    socket_.close();
}

void connection::close() noexcept {
  if (counted_) --shared_.counters.connections_open;
  counted_ = false;
  transport_.reset();
  input_.reset();
  leave_watch();
}

std::string connection::why(const error_code& failure) const {
  if (aborted_) return "stopping";
  return expired_ ? "timed out" : failure.message();
}

failure connection::fail_at(stage reached, const std::string& doing, const error_code& error) const {
  return {reached, fmt::format("{}: {}", doing, why(error))};
}

// --- opening

base::task<std::optional<failure>> connection::open() {
  const auto names = shared_.names;
  const endpoint hop = through_proxy() ? *shared_.proxy : peer_;
  const auto found = co_await names->resolve(hop.host, hop.port, shared_.options.connect_timeout);
  if (!found)
    co_return failure{stage::resolve, fmt::format("cannot resolve {}: {}", hop.host, found.error().detail)};
  std::optional<failure> furthest;
  for (const auto& address : *found) {
    if (aborted_) co_return failure{stage::connect, "stopping"};
    auto failed = co_await open_at(address, hop);
    if (!failed) {
      if (found->size() > 1) names->prefer(hop.host, hop.port, address);
      ++shared_.counters.connections_opened;
      ++shared_.counters.connections_open;
      counted_ = true;
      co_return std::nullopt;
    }
    if (!furthest || failed->reached >= furthest->reached) furthest = std::move(failed);
  }
  co_return furthest;
}

base::task<std::optional<failure>> connection::open_at(tcp_endpoint address, const endpoint& hop) {
  const auto wait = shared_.options.connect_timeout;
  expired_ = false;
  transport_.reset();
  expires_after(wait);
  const auto error = co_await connect(address);
  never_expires();
  if (error || is_over())
    co_return fail_at(stage::connect, fmt::format("cannot connect to {}:{}", hop.host, hop.port), error);
  address_ = address;
  transport_ = make_plain_transport(std::move(socket_));
  if (through_proxy()) {
    expires_after(wait);
    const auto refused = co_await ask_proxy();
    never_expires();
    if (refused) co_return refused;
  }
  if (peer_.tls) {
    expires_after(wait);
    const auto refused = co_await shake_hands();
    never_expires();
    if (refused) co_return refused;
  }
  // What is said before the first request would be taken for its answer.
  if (!transport_->is_quiet())
    co_return failure{stage::connect, peer_.host + " spoke or closed before it was asked"};
  co_return std::nullopt;
}

base::task<error_code> connection::connect(tcp_endpoint address) {
  error_code failure;
  socket_ = stream_socket(shared_.where);
  socket_.open(boost::asio::generic::stream_protocol(address.protocol()), failure);
  if (failure) co_return failure;
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), failure);
  const boost::asio::generic::stream_protocol::endpoint generic(address);
  const auto done = co_await socket_.async_connect(generic, base::as_result);
  failure = std::get<0>(done);
  co_return failure;
}

base::task<std::optional<failure>> connection::ask_proxy() {
  const auto host = bracketed(peer_.host) + ":" + peer_.port;
  const auto text = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n\r\n", host);
  const auto sent = co_await transport_->write(text);
  if (std::get<0>(sent) || is_over()) co_return fail_at(stage::connect, "the proxy", std::get<0>(sent));
  std::string answer;
  while (!answer.ends_with("\r\n\r\n") && answer.size() < max_proxy_answer) {
    // Byte by byte: what follows the head belongs to TLS.
    char byte = 0;
    const auto space = boost::asio::buffer(&byte, 1);
    const auto done = co_await transport_->read_some(space);
    if (std::get<0>(done) || is_over()) co_return fail_at(stage::connect, "the proxy", std::get<0>(done));
    answer += byte;
  }
  if (!answer.ends_with("\r\n\r\n")) co_return failure{stage::connect, "the proxy's answer is too large"};
  const auto status = status_of(answer);
  if (!status.starts_with('2'))
    co_return failure{stage::connect,
                      fmt::format("the proxy refuses to connect to {}{}", peer_.host, in_brackets(status))};
  co_return std::nullopt;
}

base::task<std::optional<failure>> connection::shake_hands() {
  transport_ = make_tls_transport(std::move(transport_->socket()), shared_.tls);
  auto* const tls = transport_->tls();
  if (!shared_.sessions.prepare(tls, peer_))
    co_return failure{stage::tls, "the host's name cannot stand in a certificate"};
  const auto done = co_await transport_->handshake(transport::role::client);
  const auto error = std::get<0>(done);
  if (error || is_over()) {
    shared_.sessions.forget(peer_);
    const auto words = is_over() ? why(error) : describe_tls_failure(tls, error);
    co_return failure{stage::tls, fmt::format("TLS with {}: {}", peer_.host, words)};
  }
  if (SSL_session_reused(tls) == 1) ++shared_.counters.tls_sessions_resumed;
  co_return std::nullopt;
}

std::string connection::describe() const {
  const auto address = bracketed(address_.address().to_string());
  auto* const tls = transport_->tls();
  return fmt::format("{}:{}, {}", address, address_.port(), tls != nullptr ? SSL_get_version(tls) : "no TLS");
}

// --- a request and its answer

base::task<exchange_end> connection::exchange(const std::string& bytes, bool is_head) {
  expires_after(shared_.options.request_timeout);
  error_code error;
  bool early = false;  // there is an answer already: what follows may be another one
  auto written = transport_->try_write(bytes, error);
  if (error == boost::asio::error::would_block) {
    const auto rest = std::string_view(bytes).substr(written);
    const auto done = co_await transport_->write(rest);
    written += std::get<1>(done);
    error = std::get<0>(done);
    early = !transport_->is_quiet();
  }
  std::optional<failure> writing;
  if (error || is_over()) {
    writing = fail_at(stage::sending, "while sending the request", error);
    if (written == 0 || is_over()) {
      exchange_end end;
      end.nothing_sent = written == 0;
      end.timed_out = is_over();
      end.failed = *writing;
      if (end.nothing_sent) end.failed.reached = stage::connect;
      never_expires();
      co_return end;
    }
  }
  // A server may answer and close before it has read everything: the answer counts.
  auto end = co_await read_answer(is_head, writing);
  if (early) end.reusable = false;
  never_expires();
  co_return end;
}

base::task<exchange_end> connection::read_answer(bool is_head, std::optional<failure> writing) {
  if (!input_) input_ = std::make_unique_for_overwrite<char[]>(input_size);
  answer_reader reader(shared_.options.max_answer, is_head);
  auto now = answer_reader::state::more;
  exchange_end end;
  while (now == answer_reader::state::more) {
    const auto space = boost::asio::buffer(input_.get(), input_size);
    const auto done = co_await transport_->read_some(space);
    const auto error = std::get<0>(done);
    end.timed_out = is_over();
    if (end.timed_out || (error && error != boost::asio::error::eof)) {
      end.failed = fail_at(stage::sent, "while waiting for the answer", error);
      break;
    }
    now = error ? reader.end_of_stream() : reader.feed({input_.get(), std::get<1>(done)});
    if (now == answer_reader::state::failed) end.failed = {stage::sent, reader.fault()};
  }
  end.answer_begun = reader.begun();
  if (now == answer_reader::state::done) {
    end.reusable = reader.is_reusable() && !writing;
    end.answer = reader.take();
  } else if (writing && !end.answer_begun) {
    end.failed = *writing;
  }
  co_return end;
}

// --- between requests

void connection::rest() {
  resting_ = true;
  rests_since_ = std::chrono::steady_clock::now();
  expires_after(shared_.options.idle_timeout);
}

bool connection::wake(std::chrono::milliseconds at_most) {
  resting_ = false;
  never_expires();
  const auto rested = std::chrono::steady_clock::now() - rests_since_;
  return rested <= at_most && is_open() && !is_over() && transport_->is_quiet();
}

}  // namespace cartrelay::http
