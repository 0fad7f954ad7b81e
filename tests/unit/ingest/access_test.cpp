#include "tests/unit/ingest/support.hpp"

#include <gtest/gtest.h>

namespace cartrelay::ingest::testing {
namespace {

const http::peer unix_socket{true, true, "unix"};
const http::peer remote{false, false, "192.0.2.7"};

options with_tokens() {
  options out;
  out.tokens = {base::secret("old-token"), base::secret("new-token")};
  return out;
}

TEST(access, without_tokens_this_machine_may_post) {
  desk desk;
  EXPECT_EQ(desk.ask(post(page_view("1"))).status, 202);
}

TEST(access, without_tokens_receipts_are_for_unix_sockets) {
  desk desk;
  ASSERT_EQ(desk.ask(post(page_view("1"))).status, 202);
  EXPECT_EQ(desk.ask(get("/v1/events/1")).status, 401);
  EXPECT_EQ(desk.ask(get("/v1/events?source=shop/bg&id=1")).status, 401);
  EXPECT_EQ(desk.ask(get("/v1/events/1"), unix_socket).status, 200);
}

TEST(access, without_tokens_a_page_in_a_browser_gets_nowhere) {
  desk desk;
  EXPECT_EQ(desk.ask(with(post(page_view("1")), "Host", "attacker.example")).status, 421);
  EXPECT_EQ(desk.ask(with(post(page_view("1")), "Host", "attacker.example:8470")).status, 421);
  EXPECT_EQ(desk.ask(with(post(page_view("1")), "Host", "localhost:8470")).status, 202);
  EXPECT_EQ(desk.ask(with(post(page_view("2")), "Host", "[::1]:8470")).status, 202);
  for (const char* host : {"[::1].attacker.example", "[::1%attacker.example]", "[::1", "127.0.0.1:80:80",
                           "127.0.0.1:x", "localhost.", "127.1"})
    EXPECT_EQ(desk.ask(with(post(page_view("1")), "Host", host)).status, 421) << host;
  EXPECT_EQ(desk.log.stats().events, 2u);
}

TEST(access, with_tokens_every_valid_one_opens) {
  desk desk(with_tokens());
  EXPECT_EQ(desk.ask(with(post(page_view("1")), "Authorization", "Bearer old-token"), remote).status, 202);
  EXPECT_EQ(desk.ask(with(post(page_view("2")), "Authorization", "bearer new-token"), remote).status, 202);
  EXPECT_EQ(desk.ask(with(get("/v1/events/1"), "Authorization", "Bearer new-token"), remote).status, 200);
}

TEST(access, of_two_tokens_that_differ_none_opens) {
  desk desk(with_tokens());
  auto sent = post(page_view("1"));
  sent.headers.add("Authorization", "Bearer old-token");
  sent.headers.add("authorization", "Bearer old-token");
  EXPECT_EQ(desk.ask(sent, remote).status, 202);
  sent.headers.add("authorization", "Bearer wrong");
  EXPECT_EQ(desk.ask(sent, remote).status, 401);
}

TEST(access, with_tokens_the_name_in_host_does_not_matter) {
  desk desk(with_tokens());
  const auto named = with(post(page_view("1")), "Host", "relay.shop.example");
  EXPECT_EQ(desk.ask(with(named, "Authorization", "Bearer old-token"), remote).status, 202);
}

TEST(access, a_missing_and_a_wrong_token_get_the_same_answer) {
  desk desk(with_tokens());
  const auto missing = desk.ask(post(page_view("1")));
  EXPECT_EQ(missing.status, 401);
  EXPECT_EQ(missing.headers.find("WWW-Authenticate"), "Bearer");
  for (const char* wrong : {"Bearer wrong", "Bearer old-toke", "Bearer old-tokens", "Bearer ", "old-token",
                            "Basic old-token", ""}) {
    const auto answer = desk.ask(with(post(page_view("1")), "Authorization", wrong));
    EXPECT_EQ(answer.status, 401) << wrong;
    EXPECT_EQ(answer.body, missing.body) << wrong;
  }
  EXPECT_EQ(desk.log.stats().events, 0u);
}

TEST(access, a_unix_socket_needs_no_token) {
  desk desk(with_tokens());
  EXPECT_EQ(desk.ask(post(page_view("1")), unix_socket).status, 202);
  EXPECT_EQ(desk.ask(get("/v1/events/1"), unix_socket).status, 200);
}

TEST(access, a_reload_exchanges_the_tokens) {
  desk desk(with_tokens());
  options next;
  next.tokens = {base::secret("newest")};
  desk.door.configure(next);
  EXPECT_EQ(desk.ask(with(post(page_view("1")), "Authorization", "Bearer old-token")).status, 401);
  EXPECT_EQ(desk.ask(with(post(page_view("1")), "Authorization", "Bearer newest")).status, 202);
}

TEST(access, probes_are_for_everybody) {
  desk desk(with_tokens());
  EXPECT_EQ(desk.ask(get("/livez"), remote).status, 200);
  EXPECT_EQ(desk.ask(with(get("/readyz"), "Host", "health.example"), remote).status, 200);
}

TEST(access, readiness_says_why_not) {
  desk desk;
  desk.log.refuse_appends(queue::errc::disk_low);
  auto answer = desk.ask(get("/readyz"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(reason(answer), "disk_low");
  EXPECT_TRUE(answer.headers.find("Retry-After"));
  desk.log.refuse_appends(std::nullopt);
  EXPECT_EQ(desk.ask(get("/readyz")).status, 200);
  desk.door.stop_accepting();
  answer = desk.ask(get("/readyz"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(reason(answer), "stopping");
  EXPECT_EQ(desk.ask(get("/livez")).status, 200);
}

TEST(access, other_methods_are_told_which_ones_there_are) {
  desk desk;
  for (const auto& [target, allowed] :
       {std::pair("/livez", "GET, HEAD"), std::pair("/readyz", "GET, HEAD"),
        std::pair("/v1/events", "GET, HEAD, POST"), std::pair("/v1/events/1", "GET, HEAD")}) {
    auto what = get(target);
    what.method = "DELETE";
    const auto answer = desk.ask(what);
    EXPECT_EQ(answer.status, 405) << target;
    EXPECT_EQ(answer.headers.find("Allow"), allowed) << target;
  }
}

TEST(access, nothing_else_is_here) {
  desk desk;
  for (const char* target : {"/", "/v1", "/v1/", "/v1/event", "/v1/eventsX", "/v1/events/../events",
                             "//v1/events", "/v1/%65vents", "/status"})
    EXPECT_EQ(desk.ask(get(target), unix_socket).status, 404) << target;
  for (const char* target : {"/v1/events/../events", "/v1/events/1/"}) {
    auto what = get(target);
    what.method = "POST";
    EXPECT_EQ(desk.ask(what, unix_socket).status, 404) << target;
  }
}

}  // namespace
}  // namespace cartrelay::ingest::testing
