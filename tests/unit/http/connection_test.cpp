#include "http/connection.hpp"

#include "http/tls_settings.hpp"
#include "http/url.hpp"
#include "tests/unit/http/client_support.hpp"

#include <boost/asio/read_until.hpp>

namespace cartrelay::http::testing {
namespace {

using boost::asio::ip::tcp;

/// A connection to a vendor whose end of it the test holds.
class held_connection : public ::testing::Test {
 protected:
  held_connection() {
    const auto url = "http://127.0.0.1:" + std::to_string(listening_.local_endpoint().port()) + "/";
    io_.call([&] { ours_ = std::make_unique<connection>(shared_, *parse_url(url)); });
    EXPECT_FALSE(io_.run(ours_->open()));
    theirs_ = listening_.accept();
  }
  ~held_connection() override {
    io_.call([&] {
      ours_.reset();
      shared_.deadlines->stop();
      shared_.names->stop();
    });
  }
  void reset() {
    theirs_.set_option(tcp::socket::linger(true, 0));
    theirs_.close();
  }
  bool is_quiet() {
    bool quiet = false;
    io_.call([&] {
      ours_->rest();
      quiet = ours_->wake(std::chrono::hours(1));
    });
    return quiet;
  }

  const std::string request_ = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  io_thread io_;
  boost::asio::io_context context_;
  tcp::acceptor listening_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
  tcp::socket theirs_{context_};
  std::unique_ptr<boost::asio::ssl::context> tls_ = *make_client_tls({});
  tls_sessions sessions_{*tls_};
  connection_setting shared_{{},
                             std::nullopt,
                             io_.executor(),
                             *tls_,
                             sessions_,
                             std::make_shared<resolver>(io_.executor()),
                             std::make_shared<deadline_watch>(io_.executor()),
                             {}};
  std::unique_ptr<connection> ours_;
};

TEST_F(held_connection, that_took_no_byte_lets_anything_go_again) {
  reset();
  while (is_quiet())
    std::this_thread::yield();
  const auto end = io_.run(ours_->exchange(request_, false));
  EXPECT_TRUE(end.nothing_sent);
  EXPECT_TRUE(end.may_go_again(true));
  EXPECT_TRUE(end.may_go_again(false));
}

TEST_F(held_connection, that_took_a_request_lets_go_again_what_is_safe_to_repeat) {
  std::thread vendor([&] {
    std::string seen;
    boost::asio::read_until(theirs_, boost::asio::dynamic_buffer(seen), "\r\n\r\n");
    reset();
  });
  const auto end = io_.run(ours_->exchange(request_, false));
  vendor.join();
  EXPECT_FALSE(end.nothing_sent);
  EXPECT_TRUE(end.may_go_again(true));
  EXPECT_FALSE(end.may_go_again(false));
}

}  // namespace
}  // namespace cartrelay::http::testing
