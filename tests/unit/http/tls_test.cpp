#include "http/certificate.hpp"
#include "http/client.hpp"
#include "http/tls_settings.hpp"
#include "tests/unit/http/client_support.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>

namespace cartrelay::http::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Optional;

constexpr std::chrono::hours day{24};

void expect_refused(running_server& server, const client_options& settings, const std::string& url,
                    const std::string& words) {
  running_client client(settings);
  const auto got = client.get(url);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reached, stage::tls);
  EXPECT_THAT(got.error().detail, HasSubstr(words));
  EXPECT_TRUE(server.seen().empty());
}

TEST(tls, trusts_the_authority_of_ca_file) {
  const test_authority authority;
  running_server server(authority.server_for({"localhost"}, {"127.0.0.1"}));
  running_client client(authority.client());
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    const auto got = client.get(tls_url_of(server, host));
    ASSERT_TRUE(got) << host << ": " << got.error().detail;
    EXPECT_EQ(got->status, 200);
  }
}

TEST(tls, refuses_an_authority_that_it_does_not_know) {
  const test_authority authority;
  running_server server(authority.server_for({"localhost"}, {"127.0.0.1"}));
  expect_refused(server, {}, tls_url_of(server), "certificate");
}

TEST(tls, refuses_a_self_signed_certificate) {
  const auto own = make_authority("127.0.0.1");
  server_options settings;
  settings.tls_certificate_pem = own.certificate;
  settings.tls_key_pem = own.key;
  running_server server(settings);
  expect_refused(server, {}, tls_url_of(server), "self-signed");
}

TEST(tls, refuses_a_certificate_for_somebody_else) {
  const test_authority authority;
  running_server server(authority.server_for({"elsewhere.test"}, {"127.0.0.2"}));
  expect_refused(server, authority.client(), tls_url_of(server, "localhost"), "hostname mismatch");
  expect_refused(server, authority.client(), tls_url_of(server, "127.0.0.1"), "IP address mismatch");
}

TEST(tls, refuses_a_name_that_stands_in_the_subject_only) {
  const test_authority authority;
  running_server server(authority.server_for({}, {"127.0.0.2"}));
  expect_refused(server, authority.client(), tls_url_of(server, "localhost"), "mismatch");
}

TEST(tls, refuses_what_is_expired_or_not_yet_valid) {
  const test_authority authority;
  running_server expired(authority.server_for({"localhost"}, {}, 2 * day, -day));
  expect_refused(expired, authority.client(), tls_url_of(expired, "localhost"), "expired");
  running_server future(authority.server_for({"localhost"}, {}, -day, 2 * day));
  expect_refused(future, authority.client(), tls_url_of(future, "localhost"), "not yet valid");
}

TEST(tls, a_listener_knows_whether_its_own_certificate_is_in_its_time) {
  const test_authority authority;
  const auto told = [&](std::chrono::hours age, std::chrono::hours left) {
    return out_of_its_time(**make_server_tls(authority.server_for({"localhost"}, {}, age, left)));
  };
  EXPECT_EQ(told(day, day), std::nullopt);
  EXPECT_THAT(told(2 * day, -day), Optional(ContainsRegex("^it expired on 20..-..-..T..:..:..Z: ")));
  EXPECT_THAT(told(-day, 2 * day), Optional(ContainsRegex("^it is not valid before 20..-..-..T..:..:..Z: ")));
}

TEST(tls, resumes_its_sessions) {
  const test_authority authority;
  auto settings = authority.server_for({"localhost"}, {});
  settings.max_requests_per_connection = 1;
  running_server server(settings);
  running_client client(authority.client());
  for (int i = 0; i < 3; ++i) {
    const auto got = client.get(tls_url_of(server, "localhost"));
    ASSERT_TRUE(got) << got.error().detail;
  }
  EXPECT_EQ(client.counters().connections_opened, 3u);
  EXPECT_EQ(client.counters().tls_sessions_resumed, 2u);
}

TEST(tls, takes_an_answer_that_ends_with_the_connection_only_if_it_ends_properly) {
  const test_authority authority;
  running_server server(authority.server_for({"localhost"}, {}));
  server.answer_instead([](const request&, std::size_t) {
    return raw_answer("HTTP/1.1 200 OK\r\n\r\nall of it?", wire_script::ending::close);
  });
  running_client client(authority.client());
  const auto got = client.get(tls_url_of(server, "localhost"));
  ASSERT_FALSE(got) << "no close_notify came: the rest may have been cut off";
  EXPECT_EQ(got.error().reached, stage::sent);

  running_server plain;
  plain.answer_instead([](const request&, std::size_t) {
    return raw_answer("HTTP/1.1 200 OK\r\n\r\nall of it", wire_script::ending::close);
  });
  EXPECT_EQ(client.get(url_of(plain))->body, "all of it");
}

TEST(tls, large_bodies_pass_both_ways) {
  const test_authority authority;
  running_server server(authority.server_for({"localhost"}, {}));
  running_client client(authority.client());
  const request asked{"POST", tls_url_of(server, "localhost"), {}, std::string(1 << 20, 'x')};
  const auto got = client.send(asked);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->body, asked.body);
}

TEST(tls, probes_without_a_request) {
  const test_authority authority;
  running_server server(authority.server_for({"localhost"}, {}));
  running_client client(authority.client());
  const auto found = client.probe(tls_url_of(server, "localhost"));
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_THAT(*found, HasSubstr("TLSv1.3"));
  EXPECT_THAT(*found, HasSubstr("127.0.0.1:"));
  EXPECT_TRUE(server.seen().empty());
  EXPECT_EQ(client.probe("ftp://x/").error().reached, stage::connect);
}

TEST(tls, the_handshake_has_a_deadline) {
  io_thread io;
  boost::asio::ip::tcp::acceptor silent(io.executor(), {boost::asio::ip::address_v4::loopback(), 0});
  client_options settings;
  settings.connect_timeout = std::chrono::milliseconds(150);
  running_client client(settings);
  const auto got = client.get("https://127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + "/");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reached, stage::tls);
  EXPECT_THAT(got.error().detail, HasSubstr("timed out"));
}

TEST(tls, a_listener_refuses_a_key_that_is_not_its_certificates) {
  const test_authority authority;
  auto settings = authority.server_for({"localhost"}, {});
  settings.tls_key_pem = authority.server_for({"localhost"}, {}).tls_key_pem;
  settings.listen = {"127.0.0.1:0"};
  io_thread io;
  echo_handler answers;
  EXPECT_FALSE(server::listen(io.executor(), settings, answers));
  settings.tls_key_pem.clear();
  EXPECT_FALSE(server::listen(io.executor(), settings, answers));
}

TEST(tls, a_key_with_a_passphrase_is_refused_without_asking_for_it) {
  constexpr const char* encrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIHrMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAh9r8jVHcUNswIBATAM\n"
      "BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBAgQQZXrtIbA8EG4B5Vrjz4DbuASBkCVj\n"
      "jIsBtpEcnWy548Oaz+0dnU8VnvF3AmaQtTudkf4+gSDZvcf+KAoU+kPj+Iir5sYe\n"
      "APjqVNnXAKZ3sZ4AfPtt6/lIx4nECVFyBoB6yLwNgWi2yQBFcSZ28FHcTISNunj/\n"
      "dflClNrVu7NIkBw2PFmoRrIf40tzqCx7mkjUYC9nQkGQ3vLzOU1Ysqv8iRIE4g==\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  const test_authority authority;
  auto settings = authority.server_for({"localhost"}, {});
  settings.tls_key_pem = encrypted;
  settings.listen = {"127.0.0.1:0"};
  io_thread io;
  echo_handler answers;
  const auto refused = server::listen(io.executor(), settings, answers);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("encrypted: give one without a passphrase"));
}

TEST(tls, says_when_the_proxy_refuses) {
  const test_authority authority;
  running_server target(authority.server_for({"localhost"}, {}));
  running_server refusing;  // no proxy: answers CONNECT with 400
  auto settings = authority.client();
  settings.proxy = "http://" + refusing.address();
  running_client client(settings);
  const auto got = client.get(tls_url_of(target, "localhost"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reached, stage::connect);
  EXPECT_EQ(got.error().detail, "the proxy refuses to connect to localhost (400)");
}

TEST(tls, goes_through_a_proxy_that_says_a_lot_and_not_without_end) {
  const test_authority authority;
  running_server target(authority.server_for({"shop.invalid"}, {}));
  const auto probed = [&](std::size_t size) {
    const one_connection_proxy proxy(target.port(), "X-Policy: " + std::string(size, 'x') + "\r\n");
    auto settings = authority.client();
    settings.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
    return running_client(settings).probe("https://shop.invalid/");
  };
  const auto much = probed(32 << 10);
  EXPECT_TRUE(much) << much.error().detail;
  const auto too_much = probed(64 << 10);
  ASSERT_FALSE(too_much);
  EXPECT_EQ(too_much.error().reached, stage::connect) << "TLS is not to blame";
  EXPECT_EQ(too_much.error().detail, "the proxy's answer is too large");
}

TEST(tls, goes_through_a_proxy) {
  const test_authority authority;
  running_server target(authority.server_for({"shop.invalid"}, {}));
  one_connection_proxy proxy(target.port());
  auto settings = authority.client();
  settings.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  running_client client(settings);
  const auto got = client.get("https://shop.invalid/hello");  // a name that only the proxy can resolve
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 200);
  client.stop();
  EXPECT_THAT(proxy.head(), HasSubstr("CONNECT shop.invalid:443 HTTP/1.1\r\nHost: shop.invalid:443\r\n"));
}

}  // namespace
}  // namespace cartrelay::http::testing
