#include "http/head_check.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace cartrelay::http {
namespace {

using state = head_verdict::state;

head_verdict check(const std::string& head) {
  return check_head(head, {});
}

std::string with(const std::string& fields, const std::string& line = "POST /v1/events HTTP/1.1") {
  return line + "\r\nHost: shop\r\n" + fields + "\r\n";
}

struct bad_head {
  const char* name;
  std::string head;
  int status;
};
void PrintTo(const bad_head& one, std::ostream* out) {
  *out << one.name;
}

class refused_head : public ::testing::TestWithParam<bad_head> {};

TEST_P(refused_head, is_refused) {
  const auto verdict = check(GetParam().head);
  EXPECT_EQ(verdict.what, state::refused);
  EXPECT_EQ(verdict.status, GetParam().status);
  EXPECT_FALSE(verdict.detail.empty());
}

std::string many_fields(std::size_t count) {
  std::string fields = "Content-Length: 0\r\n";
  for (std::size_t i = 2; i < count; ++i)
    fields += "A: b\r\n";
  return fields;
}

INSTANTIATE_TEST_SUITE_P(
    framing, refused_head,
    ::testing::Values(
        bad_head{"length_then_coding", with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400},
        bad_head{"coding_then_length", with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400},
        bad_head{"gzip_coding_then_length", with("Transfer-Encoding: gzip\r\nContent-Length: 3\r\n"), 400},
        bad_head{"unknown_coding", with("Transfer-Encoding: magic\r\n"), 400},
        bad_head{"chunked_then_gzip", with("Transfer-Encoding: chunked, gzip\r\n"), 400},
        bad_head{"gzip_then_chunked", with("Transfer-Encoding: gzip, chunked\r\n"), 400},
        bad_head{"coding_twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
        bad_head{"coding_empty", with("Transfer-Encoding:\r\n"), 400},
        bad_head{"length_twice_equal", with("Content-Length: 3\r\nContent-Length: 3\r\n"), 400},
        bad_head{"length_twice_different", with("Content-Length: 3\r\nContent-Length: 4\r\n"), 400},
        bad_head{"length_listed", with("Content-Length: 3, 3\r\n"), 400},
        bad_head{"length_plus", with("Content-Length: +3\r\n"), 400},
        bad_head{"length_minus", with("Content-Length: -1\r\n"), 400},
        bad_head{"length_hexadecimal", with("Content-Length: 0x3\r\n"), 400},
        bad_head{"length_empty", with("Content-Length:\r\n"), 400},
        bad_head{"length_two_to_the_64", with("Content-Length: 18446744073709551616\r\n"), 400},
        bad_head{"post_without_length", with(""), 411},
        bad_head{"chunked_in_http_1_0", with("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0"), 400},
        bad_head{"unknown_expectation", with("Content-Length: 1\r\nExpect: tea\r\n"), 417}));

INSTANTIATE_TEST_SUITE_P(
    syntax, refused_head,
    ::testing::Values(
        bad_head{"no_host", "GET / HTTP/1.1\r\nA: b\r\n\r\n", 400},
        bad_head{"two_hosts", with("Host: shop\r\n", "GET / HTTP/1.1"), 400},
        bad_head{"two_types", with("Content-Type: application/json\r\nContent-Type: text/plain\r\n"), 400},
        bad_head{"host_with_path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        bad_head{"host_with_user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
        bad_head{"host_empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        bad_head{"folded", with("A: b\r\n c\r\n", "GET / HTTP/1.1"), 400},
        bad_head{"folded_coding", with("Transfer-Encoding:\r\n chunked\r\n"), 400},
        bad_head{"folded_first_line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
        bad_head{"nul_in_value", with(std::string("A: b\0c\r\n", 8), "GET / HTTP/1.1"), 400},
        bad_head{"nul_in_name", with(std::string("A\0: b\r\n", 7), "GET / HTTP/1.1"), 400},
        bad_head{"delete_in_value", with("A: b\x7f\r\n", "GET / HTTP/1.1"), 400},
        bad_head{"bare_cr", with("A: b\rc\r\n", "GET / HTTP/1.1"), 400},
        bad_head{"bare_lf", with("A: b\nC: d\r\n", "GET / HTTP/1.1"), 400},
        bad_head{"only_lf", "GET / HTTP/1.1\nHost: a\n\n", 400},
        bad_head{"space_before_colon", with("Content-Length : 3\r\n"), 400},
        bad_head{"empty_name", with(": b\r\n", "GET / HTTP/1.1"), 400},
        bad_head{"no_colon", with("nothing\r\n", "GET / HTTP/1.1"), 400},
        bad_head{"name_with_high_byte", with("\xc3\xa4: b\r\n", "GET / HTTP/1.1"), 400},
        bad_head{"absolute_target", with("", "GET http://shop/ HTTP/1.1"), 400},
        bad_head{"authority_target", with("", "CONNECT shop:443 HTTP/1.1"), 400},
        bad_head{"asterisk_target", with("", "OPTIONS * HTTP/1.1"), 400},
        bad_head{"high_byte_in_target", with("", "GET /\xc3\xa4 HTTP/1.1"), 400},
        bad_head{"space_in_target", with("", "GET /a b HTTP/1.1"), 400},
        bad_head{"tab_in_target", with("", "GET /a\tb HTTP/1.1"), 400},
        bad_head{"fragment_in_target", with("", "GET /a#b HTTP/1.1"), 400},
        bad_head{"two_spaces", with("", "GET  / HTTP/1.1"), 400},
        bad_head{"lower_case_method", with("", "get / HTTP/1.1"), 400},
        bad_head{"lower_case_version", with("", "GET / http/1.1"), 400},
        bad_head{"version_0_9", "GET /\r\n", 400}, bad_head{"version_2", with("", "GET / HTTP/2.0"), 400},
        bad_head{"version_1_2", with("", "GET / HTTP/1.2"), 400},
        bad_head{"space_after_version", with("", "GET / HTTP/1.1 "), 400},
        bad_head{"leading_blank_line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        bad_head{"101_fields", with(many_fields(101), "GET / HTTP/1.1"), 431},
        bad_head{"9000_bytes", with("A: " + std::string(9000, 'b') + "\r\n", "GET / HTTP/1.1"), 431},
        bad_head{"9000_bytes_unfinished", "GET / HTTP/1.1\r\nA: " + std::string(9000, 'b'), 431},
        bad_head{"9000_bytes_of_target", "GET /" + std::string(9000, 'b'), 431}));

TEST(head_check, knows_what_is_not_http_at_its_first_bytes) {
  for (const auto& garbage : {std::string("\x16\x03\x01\x02\x00", 5), std::string("SSH-2.0-OpenSSH_9.2\r\n"),
                              std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), std::string("\0\0\0", 3),
                              std::string("{\"a\":1}")}) {
    const auto verdict = check(garbage);
    EXPECT_EQ(verdict.what, state::refused) << garbage;
    EXPECT_TRUE(verdict.foreign) << garbage;
  }
}

TEST(head_check, waits_for_the_rest_of_every_prefix) {
  const auto head = with("Content-Length: 3\r\nX-Long: abc\r\n");
  std::size_t seen = 0;
  for (std::size_t size = 0; size < head.size(); ++size) {
    EXPECT_EQ(check_head(std::string_view(head).substr(0, size), {}, seen).what, state::incomplete) << size;
    EXPECT_EQ(check_head(std::string_view(head).substr(0, size), {}).what, state::incomplete) << size;
    seen = size;
  }
  EXPECT_EQ(check_head(head, {}, seen).what, state::complete);
}

TEST(head_check, refuses_a_bare_carriage_return_in_whatever_piece_it_comes) {
  const auto head = with("X-A: b\rc");
  const auto broken = head.find("\rc") + 2;
  for (std::size_t seen = 0; seen < broken; ++seen)
    EXPECT_EQ(check_head(std::string_view(head).substr(0, broken), {}, seen).what, state::refused) << seen;
}

TEST(head_check, reads_a_sized_body) {
  const auto head = with("content-length: 0012\r\nContent-Encoding: GZIP\r\nExpect: 100-Continue\r\n");
  const auto verdict = check(head + "the body and\r\n\r\nmore");
  ASSERT_EQ(verdict.what, state::complete);
  EXPECT_EQ(verdict.facts.size, head.size());
  EXPECT_EQ(verdict.facts.framing, head_facts::body::sized);
  EXPECT_EQ(verdict.facts.length, 12u);
  EXPECT_EQ(verdict.facts.content, head_facts::coding::gzip);
  EXPECT_TRUE(verdict.facts.expects_continue);
  EXPECT_TRUE(verdict.facts.keep_alive);
}

TEST(head_check, reads_a_chunked_body) {
  const auto verdict = check(with("Transfer-Encoding: Chunked\r\nConnection: te, Close\r\n"));
  ASSERT_EQ(verdict.what, state::complete);
  EXPECT_EQ(verdict.facts.framing, head_facts::body::chunked);
  EXPECT_FALSE(verdict.facts.keep_alive);
}

TEST(head_check, takes_a_length_of_zero_for_no_body) {
  EXPECT_EQ(check(with("Content-Length: 0\r\n")).facts.framing, head_facts::body::none);
}

TEST(head_check, closes_after_http_1_0_unless_asked) {
  const auto plain = check(with("", "GET / HTTP/1.0"));
  EXPECT_TRUE(plain.facts.version_1_0);
  EXPECT_FALSE(plain.facts.keep_alive);
  EXPECT_TRUE(check(with("Connection: Keep-Alive\r\n", "GET / HTTP/1.0")).facts.keep_alive);
  EXPECT_FALSE(check(with("Connection: close, keep-alive\r\n", "GET / HTTP/1.0")).facts.keep_alive);
}

TEST(head_check, ignores_an_upgrade_and_takes_words_of_any_language) {
  EXPECT_EQ(
      check(with("Upgrade: h2c\r\nConnection: upgrade\r\nUser-Agent: caf\xc3\xa9\r\n", "GET / HTTP/1.1"))
          .what,
      state::complete);
}

TEST(head_check, takes_exactly_as_many_fields_and_bytes_as_allowed) {
  EXPECT_EQ(check(with(many_fields(100), "GET / HTTP/1.1")).what, state::complete);
  auto head = with("A: ", "GET / HTTP/1.1");
  head.resize(head.size() - 2);
  head += std::string(8192 - head.size() - 4, 'b') + "\r\n\r\n";
  ASSERT_EQ(head.size(), 8192u);
  EXPECT_EQ(check(head).what, state::complete);
  head.insert(head.size() - 4, "b");
  EXPECT_EQ(check(head).status, 431);
}

TEST(head_check, takes_what_is_said_twice_in_the_same_words) {
  EXPECT_EQ(check(with("Content-Type: a/b\r\nContent-Type:  a/b\r\n", "GET / HTTP/1.1")).what,
            state::complete);
}

TEST(head_check, tells_unknown_content_codings) {
  EXPECT_EQ(check(with("Content-Length: 1\r\nContent-Encoding: br\r\n")).facts.content,
            head_facts::coding::unknown);
  EXPECT_EQ(
      check(with("Content-Length: 1\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\n")).facts.content,
      head_facts::coding::unknown);
}

}  // namespace
}  // namespace cartrelay::http
