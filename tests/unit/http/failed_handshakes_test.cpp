#include "http/failed_handshakes.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <gmock/gmock.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>

namespace cartrelay::http::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::StartsWith;

const boost::system::error_code expired{ERR_PACK(ERR_LIB_SSL, 0, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED),
                                        boost::asio::error::get_ssl_category()};
constexpr base::steady_time start{};

TEST(failed_handshakes, are_told_with_their_reason_and_not_each) {
  failed_handshakes subject;
  EXPECT_THAT(subject.note("192.0.2.7", expired, start),
              Optional(AllOf(StartsWith("a TLS handshake with 192.0.2.7 failed: "),
                             HasSubstr("certificate expired"))));
  for (int i = 0; i < 99; ++i)
    EXPECT_EQ(subject.note("192.0.2.7", expired, start + 59s), std::nullopt);
  EXPECT_THAT(subject.note("192.0.2.8", expired, start + 60s),
              Optional(StartsWith("100 TLS handshakes failed, the last with 192.0.2.8: ")));
}

TEST(failed_handshakes, are_no_matter_where_the_client_went_without_a_word) {
  failed_handshakes subject;
  for (const auto& gone : {boost::asio::error::make_error_code(boost::asio::error::eof),
                           make_error_code(boost::asio::error::connection_reset),
                           make_error_code(boost::asio::error::operation_aborted)})
    EXPECT_EQ(subject.note("192.0.2.7", gone, start), std::nullopt);
}

}  // namespace
}  // namespace cartrelay::http::testing
