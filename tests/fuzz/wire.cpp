#include "tests/fuzz/wire.hpp"

#include "http/session.hpp"
#include "tests/fuzz/input.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <charconv>
#include <cstring>
#include <exception>
#include <utility>

namespace cartrelay::fuzz {
namespace {

using boost::system::error_code;
namespace asio = boost::asio;

/// Lives through all inputs: making one costs more than most sessions do.
asio::io_context& loop() {
  static asio::io_context one(1);
  return one;
}

class scripted_transport final : public http::transport {
 public:
  scripted_transport(std::string_view wire, unsigned reads, unsigned writes, std::string& output)
      : wire_(wire),
        reads_(reads),
        writes_(writes),
        cut_reads_(reads),
        cut_writes_(writes),
        output_(output),
        socket_(loop()) {
    // The session asks whether it is still open before it waits for a write.
    if (writes_ != 0) socket_.open(asio::local::stream_protocol());
  }

  base::task<http::io_result> handshake(role) override { co_return http::io_result{}; }
  base::task<http::io_result> read_some(asio::mutable_buffer into) override {
    if (wire_.empty()) co_return http::io_result{asio::error::eof, 0};
    auto size = std::min(into.size(), wire_.size());
    if (reads_ != whole_reads) size = std::min(size, cut_reads_.next(size));
    std::memcpy(into.data(), wire_.data(), size);
    wire_.remove_prefix(size);
    co_return http::io_result{error_code(), size};
  }
  base::task<http::io_result> write(std::string_view from) override {
    output_ += from;
    co_return http::io_result{error_code(), from.size()};
  }
  std::size_t try_write(std::string_view from, error_code& failure) override {
    const auto size = writes_ == 0 ? from.size() : std::min(from.size(), cut_writes_.next(from.size()));
    if (size < from.size()) failure = asio::error::would_block;
    output_ += from.substr(0, size);
    return size;
  }
  base::task<http::io_result> finish() override { co_return http::io_result{}; }
  bool is_quiet() override { return wire_.empty(); }
  http::stream_socket& socket() noexcept override { return socket_; }
  ssl_st* tls() noexcept override { return nullptr; }

 private:
  std::string_view wire_;
  unsigned reads_, writes_;
  cuts cut_reads_, cut_writes_;
  std::string& output_;
  http::stream_socket socket_;
};

class recorder final : public http::handler {
 public:
  explicit recorder(played& into) : into_(into) {}

  std::optional<http::response> screen(const http::request& head, const http::peer&) override {
    if (!head.target.starts_with("/screened")) return std::nullopt;
    into_.requests.push_back({head, true});
    return http::problem(404, "there is nothing here");
  }
  base::task<http::response> handle(http::request& incoming, const http::peer&) override {
    into_.requests.push_back({incoming, false});
    co_return http::json_response(200, "{}");
  }

 private:
  played& into_;
};

std::optional<std::string_view> take_until(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto out = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return out;
}

std::size_t length_in(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  std::size_t length = 0;
  if (at != std::string_view::npos)
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
  return length;
}

}  // namespace

const http::server_options& fuzzed_limits() {
  static const http::server_options limits = [] {
    http::server_options out;
    out.max_body = 512;
    out.max_header = 400;
    out.max_fields = 12;
    out.max_requests_per_connection = 8;
    return out;
  }();
  return limits;
}

played play(std::string_view wire, unsigned reads, unsigned writes) {
  played out;
  recorder target(out);
  const auto registry =
      std::make_shared<http::session_registry>(loop().get_executor(), fuzzed_limits(), target);
  auto one =
      std::make_unique<http::session>(std::make_unique<scripted_transport>(wire, reads, writes, out.output),
                                      http::peer{false, true, "fuzzer"}, registry);
  std::exception_ptr thrown;
  asio::co_spawn(loop(), one->run(), [&](std::exception_ptr failure) {
    thrown = failure;
    one.reset();  // or the watch would tick on for its sake
    registry->deadlines->stop();
  });
  loop().restart();
  loop().run();
  if (thrown) std::rethrow_exception(thrown);
  out.refused = registry->counters.refused_framing;
  return out;
}

std::optional<std::vector<int>> final_statuses(std::string_view output) {
  std::vector<int> out;
  while (!output.empty()) {
    const auto head = take_until(output, "\r\n\r\n");
    if (!head || !head->starts_with("HTTP/1.1 ") || head->size() < 12) return std::nullopt;
    int status = 0;
    std::from_chars(head->data() + 9, head->data() + 12, status);
    if (status == 100) continue;
    out.push_back(status);
    // An answer to HEAD has a length and no body.
    if (output.empty() || output.starts_with("HTTP/1.1 ")) continue;
    const auto length = length_in(*head);
    if (length > output.size()) return std::nullopt;
    output.remove_prefix(length);
  }
  return out;
}

}  // namespace cartrelay::fuzz
