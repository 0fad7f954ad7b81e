#include "tests/unit/http/client_support.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace cartrelay::http::testing {

running_client::running_client(const client_options& settings) {
  auto made = client::create(io_.executor(), settings);
  if (!made) throw std::runtime_error(made.error().message());
  client_ = std::move(*made);
}

running_client::~running_client() {
  stop();
}

void running_client::stop() {
  if (stopped_) return;
  stopped_ = true;
  io_.run(client_->stop());
}

namespace {

/// Keeps the request as long as it is under way.
base::task<outcome> send_own(client& by, request what) {
  co_return co_await by.send(what, true);
}

}  // namespace

std::future<outcome> running_client::start(request what) {
  return boost::asio::co_spawn(io_.executor(), send_own(*client_, std::move(what)), boost::asio::use_future);
}

outcome running_client::send(request what, bool safe_to_repeat) {
  return io_.run(client_->send(what, safe_to_repeat));
}

outcome running_client::get(const std::string& url, bool safe_to_repeat) {
  request asked;
  asked.method = "GET";
  asked.target = url;
  return send(std::move(asked), safe_to_repeat);
}

boost::system::result<std::string, failure> running_client::probe(const std::string& url) {
  return io_.run(client_->probe(url));
}

client_counters running_client::counters() {
  client_counters now;
  io_.call([&] { now = client_->counters(); });
  return now;
}

std::string url_of(const running_server& server, const std::string& path) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + path;
}

std::string tls_url_of(const running_server& server, const std::string& host) {
  return "https://" + host + ":" + std::to_string(server.port()) + "/hello";
}

namespace {

void pump(boost::asio::ip::tcp::socket& from, boost::asio::ip::tcp::socket& to) {
  char piece[4096];
  boost::system::error_code failure;
  while (!failure) {
    const auto count = from.read_some(boost::asio::buffer(piece), failure);
    if (!failure) boost::asio::write(to, boost::asio::buffer(piece, count), failure);
  }
  to.shutdown(boost::asio::ip::tcp::socket::shutdown_send, failure);
}

}  // namespace

one_connection_proxy::one_connection_proxy(unsigned short target, std::string more_fields)
    : thread_([this, target, fields = std::move(more_fields)] { serve(target, fields); }) {}

one_connection_proxy::~one_connection_proxy() {
  if (thread_.joinable()) thread_.join();
}

unsigned short one_connection_proxy::port() const {
  return listening_.local_endpoint().port();
}

std::string one_connection_proxy::head() {
  thread_.join();
  return head_;
}

void one_connection_proxy::serve(unsigned short target, const std::string& more_fields) {
  boost::asio::ip::tcp::socket near(context_);
  listening_.accept(near);
  const auto size = boost::asio::read_until(near, boost::asio::dynamic_buffer(head_), "\r\n\r\n");
  head_.resize(size);
  boost::asio::ip::tcp::socket far(context_);
  far.connect({boost::asio::ip::address_v4::loopback(), target});
  const auto answer = "HTTP/1.1 200 Connection established\r\n" + more_fields + "\r\n";
  boost::system::error_code gone;  // it need not read to the end
  boost::asio::write(near, boost::asio::buffer(answer), gone);
  std::thread back([&] { pump(far, near); });
  pump(near, far);
  back.join();
}

test_authority::test_authority() : file_(folder_ / "ca.pem") {
  write_file(file_, pair_.certificate);
}

server_options test_authority::server_for(std::vector<std::string> names, std::vector<std::string> addresses,
                                          std::chrono::hours age, std::chrono::hours left) const {
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto made =
      make_server_certificate(pair_, {std::move(names), std::move(addresses), now - age, now + left});
  server_options settings;
  settings.tls_certificate_pem = made.certificate;
  settings.tls_key_pem = made.key;
  return settings;
}

client_options test_authority::client() const {
  client_options settings;
  settings.ca_file = file_;
  return settings;
}

}  // namespace cartrelay::http::testing
