#include "http/url.hpp"

#include "http/address.hpp"
#include "http/request_text.hpp"

#include <gtest/gtest.h>

namespace cartrelay::http {
namespace {

TEST(url, reads_the_parts) {
  const auto where = parse_url("https://releva.ai/api/v0/carts?x=1");
  ASSERT_TRUE(where);
  EXPECT_TRUE(where->tls);
  EXPECT_EQ(where->host, "releva.ai");
  EXPECT_EQ(where->port, "443");
  EXPECT_EQ(where->path, "/api/v0/carts?x=1");
  EXPECT_EQ(where->origin(), "https://releva.ai:443");
  EXPECT_EQ(parse_url("https://a.test")->path, "/");
  EXPECT_EQ(parse_url("https://[::1]:8443/")->origin(), "https://[::1]:8443");
  EXPECT_EQ(host_field(*parse_url("https://[::1]:8443/")), "[::1]:8443");
  EXPECT_EQ(host_field(*parse_url("https://a.test:443/")), "a.test");
}

TEST(url, allows_plain_http_to_this_machine_only) {
  for (const std::string good :
       {"http://127.0.0.1:80/", "http://127.9.9.9/", "http://localhost:1/", "http://[::1]/"})
    EXPECT_TRUE(parse_url(good)) << good;
  for (const std::string bad :
       {"http://releva.ai/", "http://10.0.0.1/", "http://localhost.evil.test/", "http://0.0.0.0/"})
    EXPECT_FALSE(parse_url(bad)) << bad;
}

TEST(url, refuses_the_rest) {
  for (const std::string bad :
       {"", "releva.ai", "//a/b", "ftp://a/", "https://", "https:///x", "https://u:p@a/", "https://u@a/",
        "https://a/#x", "https://a:0/", "https://a:99999/", "https://a b/", "https://a/\r\nX: y",
        "https://a/b c", "https://a%0d%0a/", "https://a:6-1/", "https://a%2Fb/"})
    EXPECT_FALSE(parse_url(bad)) << bad;
}

TEST(proxy_url, names_a_host_and_a_port) {
  EXPECT_TRUE(parse_proxy("http://proxy.example:3128"));
  EXPECT_TRUE(parse_proxy("HTTP://proxy.example:3128"));
  for (const std::string bad :
       {"http://proxy.example", "https://a:1", "http://a:1/x", "http://a%00b:1", "http://%0d%0a:1"})
    EXPECT_FALSE(parse_proxy(bad)) << bad;
}

TEST(listen_address, is_an_address_and_nothing_more) {
  EXPECT_TRUE(parse_listen_address("[::1]:0"));
  EXPECT_FALSE(parse_listen_address(std::string_view("[::1\0x]:0", 10)));
  EXPECT_FALSE(parse_listen_address("127.0.0.1 :0"));
  EXPECT_FALSE(parse_listen_address("[fe80::1%a\x1b[m]:0"));
  EXPECT_TRUE(parse_listen_address("[fe80::1%lo]:0"));
  EXPECT_FALSE(parse_listen_address("[::1%lo]:0")) << "the zone would be passed over";
  EXPECT_FALSE(parse_listen_address(std::string_view("unix:/a\0b", 9)));
  EXPECT_FALSE(parse_listen_address("unix:/run/"));
  EXPECT_FALSE(parse_listen_address("unix:/"));
  for (const auto* without_port : {"::1:8470", "2001:db8::1:2", "fe80::1%lo:1"})
    EXPECT_FALSE(parse_listen_address(without_port)) << without_port;
  EXPECT_FALSE(parse_listen_address("[127.0.0.1]:80"));
  EXPECT_FALSE(parse_listen_address("[::ffff:127.0.0.1]:0"))
      << "a socket for IPv6 alone is never reached by it";
}

bool exclude(std::string_view a, std::string_view b) {
  const auto one = parse_listen_address(a).value(), other = parse_listen_address(b).value();
  EXPECT_EQ(exclude_each_other(one, other), exclude_each_other(other, one));
  return exclude_each_other(one, other);
}

TEST(listen_address, excludes_another_where_the_system_would_refuse_the_second) {
  EXPECT_TRUE(exclude("127.0.0.1:1", "localhost:1"));
  EXPECT_TRUE(exclude("127.0.0.1:1", "0.0.0.0:1"));
  EXPECT_TRUE(exclude("[::1]:1", "[0:0:0:0:0:0:0:1]:1"));
  EXPECT_TRUE(exclude("[::]:1", "[::1]:1"));
  EXPECT_TRUE(exclude("unix:/a", "unix:/a"));
  EXPECT_TRUE(exclude("unix:/a/b", "unix:/a//x/../b"));
  EXPECT_FALSE(exclude("127.0.0.1:1", "127.0.0.1:2"));
  EXPECT_FALSE(exclude("127.0.0.1:1", "127.0.0.2:1"));
  EXPECT_FALSE(exclude("127.0.0.1:0", "127.0.0.1:0"));
  EXPECT_FALSE(exclude("0.0.0.0:1", "[::]:1"));
  EXPECT_FALSE(exclude("unix:/a", "unix:/b"));
  EXPECT_FALSE(exclude("unix:/a", "127.0.0.1:1"));
}

TEST(url, has_its_scheme_in_either_case) {
  EXPECT_TRUE(parse_url("HTTPS://a.test/")->tls);
  EXPECT_EQ(parse_url("Https://a.test/")->port, "443");
  EXPECT_FALSE(parse_url("HTTP://LocalHost/")->tls);
}

TEST(origin_form, is_what_a_parsed_url_has) {
  for (const std::string path :
       {"/", "//", "/a", "/a/b?c=d&e=%2F", "/%D0%B0", "/a?b?c/d", "/a;b:c@d", "/~_-.!$'()*+,="})
    EXPECT_TRUE(is_origin_form(path) && parse_url("https://a.test" + path)) << path;
  for (const std::string path :
       {"",    "a",  "?a",   "/a b", "/a#b", "/%2", "/%", "/%2g", "/%g2",      "/a\r\n",
        "/\"", "/<", "/[a]", "/\\",  "/^",   "/`",  "/{", "/|",   "/\xd0\xb0", "/\x7f"})
    EXPECT_FALSE(is_origin_form(path)) << path;
}

TEST(host, stands_in_brackets_if_it_is_an_ipv6_address) {
  EXPECT_EQ(bracketed("::1"), "[::1]");
  EXPECT_EQ(bracketed("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(bracketed("releva.ai"), "releva.ai");
}

TEST(host, is_an_address_or_a_name) {
  EXPECT_TRUE(is_address("::1"));
  EXPECT_TRUE(is_address("127.0.0.1"));
  EXPECT_FALSE(is_address("releva.ai"));
  EXPECT_FALSE(is_address("[::1]"));
  EXPECT_FALSE(is_address(""));
}

}  // namespace
}  // namespace cartrelay::http
