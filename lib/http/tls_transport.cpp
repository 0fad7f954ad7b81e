#include "base/release.hpp"
#include "http/errc.hpp"
#include "http/input_buffer.hpp"
#include "http/transport.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <new>
#include <utility>

/// TLS over OpenSSL itself. Asio's stream asks OpenSSL step by step with a composed operation for each; here
/// a request is encrypted as a whole and leaves in one system call, without an operation if it can.
namespace cartrelay::http {
namespace {

using boost::system::error_code;

constexpr std::size_t input_size = 17 << 10;   // a record and what comes with it
constexpr std::size_t piece_size = 64 << 10;   // encrypted before the first of it is sent
constexpr std::size_t output_kept = 16 << 10;  // of memory, between writes
// Received without a byte for our reader. A handshake with the longest chain of certificates that OpenSSL
// takes (100 KiB) has room; records without data and without end do not.
constexpr std::size_t most_swallowed = 128 << 10;

/// What OpenSSL reads from and writes to: memory. It never blocks on output.
struct wire {
  input_buffer input{input_size};
  std::string output;
};

int take_input(BIO* from, char* into, std::size_t size, std::size_t* taken) {
  BIO_clear_retry_flags(from);
  auto& input = static_cast<wire*>(BIO_get_data(from))->input;
  *taken = std::min(size, input.size());
  if (*taken == 0) {
    BIO_set_retry_read(from);
    return 0;
  }
  std::copy_n(input.data().data(), *taken, into);
  input.consume(*taken);
  return 1;
}

int put_output(BIO* to, const char* from, std::size_t size, std::size_t* written) {
  BIO_clear_retry_flags(to);
  static_cast<wire*>(BIO_get_data(to))->output.append(from, size);
  *written = size;
  return 1;
}

long control(BIO*, int what, long, void*) {
  return what == BIO_CTRL_FLUSH ? 1 : 0;
}

int begin_bio(BIO* made) {
  BIO_set_init(made, 1);
  return 1;
}

const BIO_METHOD* wire_method() {
  static const BIO_METHOD* const made = [] {
    auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "cartrelay wire");
    if (method == nullptr) throw std::bad_alloc();
    BIO_meth_set_read_ex(method, take_input);
    BIO_meth_set_write_ex(method, put_output);
    BIO_meth_set_ctrl(method, control);
    BIO_meth_set_create(method, begin_bio);
    return method;
  }();
  return made;
}

class tls_transport final : public transport {
 public:
  tls_transport(stream_socket socket, SSL_CTX* settings)
      : socket_(std::move(socket)), ssl_(SSL_new(settings)) {
    auto* const bio = BIO_new(wire_method());
    if (ssl_ == nullptr || bio == nullptr) {
      SSL_free(ssl_);
      BIO_free(bio);
      throw std::bad_alloc();
    }
    BIO_set_data(bio, &wire_);
    SSL_set_bio(ssl_, bio, bio);
    SSL_set_mode(ssl_, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_set_read_ahead(ssl_, 1);
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }
  /// OpenSSL forgets the session of a connection that goes without close_notify. Nothing of ours depends on
  /// that notice, and the session is to be resumed.
  ~tls_transport() override {
    SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl_);
  }

  base::task<io_result> handshake(role as) override;
  base::task<io_result> read_some(boost::asio::mutable_buffer into) override;
  base::task<io_result> write(std::string_view from) override;
  std::size_t try_write(std::string_view from, error_code& failure) override;
  base::task<io_result> finish() override;
  bool is_quiet() override;
  stream_socket& socket() noexcept override { return socket_; }
  ssl_st* tls() noexcept override { return ssl_; }

 private:
  enum class verdict { done, wants_input, failed };

  template <class Step>
  verdict ask(Step step);
  [[nodiscard]] error_code failure_of(int result) const;
  /// OpenSSL may have something to say without more from the socket: data, an end, or a fault that it has
  /// told of already.
  [[nodiscard]] bool holds_input() const {
    return wire_.input.size() > 0 || SSL_has_pending(ssl_) == 1 || SSL_get_shutdown(ssl_) != 0 || fault_;
  }
  void send_now(error_code& failure);
  base::task<error_code> flush();
  base::task<error_code> receive();

  stream_socket socket_;
  wire wire_;
  SSL* ssl_;
  std::string leaving_;        // encrypted, being sent
  std::size_t sent_ = 0;       // of it
  std::uint64_t moved_ = 0;    // bytes sent, ever
  std::size_t encrypted_ = 0;  // of what try_write() left to write()
  std::size_t swallowed_ = 0;  // received since read_some() last had something
  bool flushing_ = false;
  error_code fault_;  // of the first step that failed
};

/// OpenSSL reports what went before in the same place as what went wrong now.
template <class Step>
tls_transport::verdict tls_transport::ask(Step step) {
  if (ERR_peek_error() != 0) ERR_clear_error();
  const int result = step();
  if (result > 0) return verdict::done;
  if (SSL_get_error(ssl_, result) == SSL_ERROR_WANT_READ) return verdict::wants_input;
  // The first says why; after it OpenSSL only repeats that it failed.
  if (!fault_) fault_ = failure_of(result);
  return verdict::failed;
}

error_code tls_transport::failure_of(int result) const {
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_ZERO_RETURN:
      return boost::asio::error::eof;
    case SSL_ERROR_SSL:
      return {static_cast<int>(ERR_get_error()), boost::asio::error::get_ssl_category()};
    default:
      return boost::asio::ssl::error::unspecified_system_error;
  }
}

base::task<io_result> tls_transport::handshake(role as) {
  if (as == role::client)
    SSL_set_connect_state(ssl_);
  else
    SSL_set_accept_state(ssl_);
  while (true) {
    const auto now = ask([this] { return SSL_do_handshake(ssl_); });
    const auto fault = fault_;
    // Also after a failure: the peer is told by an alert.
    const auto unsent = co_await flush();
    if (now == verdict::failed) co_return io_result{fault, 0};
    if (unsent || now == verdict::done) co_return io_result{unsent, 0};
    const auto unheard = co_await receive();
    if (unheard) co_return io_result{unheard, 0};
  }
}

base::task<io_result> tls_transport::read_some(boost::asio::mutable_buffer into) {
  if (!holds_input()) {
    const auto failure = co_await receive();
    if (failure) co_return io_result{failure, 0};
  }
  while (true) {
    std::size_t count = 0;
    const auto now = ask([&] { return SSL_read_ex(ssl_, into.data(), into.size(), &count); });
    const auto fault = now == verdict::failed ? fault_ : error_code();
    if (!wire_.output.empty()) co_await flush();
    if (count > 0) swallowed_ = 0;
    if (now != verdict::wants_input) co_return io_result{fault, count};
    const auto failure = co_await receive();
    if (failure) co_return io_result{failure, 0};
  }
}

std::size_t tls_transport::try_write(std::string_view from, error_code& failure) {
  failure = boost::asio::error::would_block;
  if (flushing_ || from.empty() || from.size() > piece_size) return 0;
  std::size_t count = 0;
  const auto now = ask([&] { return SSL_write_ex(ssl_, from.data(), from.size(), &count); });
  if (now == verdict::wants_input) return 0;
  failure = fault_;
  if (now == verdict::failed) return 0;
  const auto before = moved_;
  send_now(failure);
  if (!failure) return from.size();
  const auto written = std::min(from.size() - 1, static_cast<std::size_t>(moved_ - before));
  encrypted_ = from.size() - written;
  return written;
}

base::task<io_result> tls_transport::write(std::string_view from) {
  const auto before = moved_;
  auto left = from.substr(std::min(from.size(), std::exchange(encrypted_, 0)));
  auto now = verdict::done;
  while (true) {
    const auto unsent = co_await flush();
    auto failure = now == verdict::failed ? fault_ : unsent;
    if (!failure && now == verdict::wants_input) {
      const auto unheard = co_await receive();
      failure = unheard;
    }
    if (failure) co_return io_result{failure, std::min<std::uint64_t>(from.size(), moved_ - before)};
    if (left.empty()) co_return io_result{failure, from.size()};
    const auto piece = left.substr(0, piece_size);
    std::size_t count = 0;
    now = ask([&] { return SSL_write_ex(ssl_, piece.data(), piece.size(), &count); });
    left.remove_prefix(count);
  }
}

/// Only our half: the peer's close_notify is not waited for. With it sent, the peer knows that nothing was
/// cut off.
base::task<io_result> tls_transport::finish() {
  SSL_set_shutdown(ssl_, SSL_RECEIVED_SHUTDOWN);
  const auto now = ask([this] { return SSL_shutdown(ssl_); });
  const auto unsent = co_await flush();
  error_code failure = unsent;
  if (!failure && now == verdict::failed) failure = fault_;
  error_code closing;
  socket_.shutdown(stream_socket::shutdown_send, closing);
  co_return io_result{failure ? failure : closing, 0};
}

bool tls_transport::is_quiet() {
  while (swallowed_ <= most_swallowed) {
    if (holds_input()) {
      char byte = 0;
      std::size_t count = 0;
      const auto now = ask([&] { return SSL_peek_ex(ssl_, &byte, 1, &count); });
      if (now != verdict::wants_input) return false;
    }
    error_code failure;
    const auto received = socket_.read_some(wire_.input.prepare(), failure);
    if (failure) return failure == boost::asio::error::would_block;
    wire_.input.commit(received);
    swallowed_ += received;
  }
  return false;
}

/// As much as goes without waiting: `would_block` if that is not all.
void tls_transport::send_now(error_code& failure) {
  failure.clear();
  while (sent_ < leaving_.size() || !wire_.output.empty()) {
    if (sent_ == leaving_.size()) {
      leaving_.swap(wire_.output);
      wire_.output.clear();
      sent_ = 0;
    }
    const auto rest = boost::asio::buffer(std::string_view(leaving_).substr(sent_));
    const auto count = socket_.write_some(rest, failure);
    sent_ += count;
    moved_ += count;
    if (failure) return;
  }
  leaving_.clear();
  sent_ = 0;
  if (leaving_.capacity() > output_kept) base::release(leaving_);
  if (wire_.output.capacity() > output_kept) base::release(wire_.output);
}

/// If another call does so already, it sends this too.
base::task<error_code> tls_transport::flush() {
  error_code failure;
  if (flushing_) co_return failure;
  send_now(failure);
  flushing_ = true;
  while (failure == boost::asio::error::would_block) {
    if (is_cancelled()) {
      failure = boost::asio::error::operation_aborted;
      break;
    }
    const auto rest = boost::asio::buffer(std::string_view(leaving_).substr(sent_));
    const auto done = co_await socket_.async_write_some(rest, base::as_result);
    sent_ += std::get<1>(done);
    moved_ += std::get<1>(done);
    failure = std::get<0>(done);
    if (!failure) send_now(failure);
  }
  flushing_ = false;
  co_return failure;
}

/// OpenSSL has used up what came before.
base::task<error_code> tls_transport::receive() {
  if (is_cancelled()) co_return boost::asio::error::operation_aborted;
  if (swallowed_ > most_swallowed) co_return errc::endless_records;
  const auto space = wire_.input.prepare();
  const auto done = co_await socket_.async_read_some(space, base::as_result);
  wire_.input.commit(std::get<1>(done));
  swallowed_ += std::get<1>(done);
  error_code failure = std::get<0>(done);
  // An end that TLS did not announce may be somebody's cut.
  if (failure == boost::asio::error::eof) failure = boost::asio::ssl::error::stream_truncated;
  co_return failure;
}

}  // namespace

std::unique_ptr<transport> make_tls_transport(stream_socket socket, boost::asio::ssl::context& settings) {
  return std::make_unique<tls_transport>(std::move(socket), settings.native_handle());
}

}  // namespace cartrelay::http
