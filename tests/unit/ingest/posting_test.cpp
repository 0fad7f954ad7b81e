#include "tests/unit/ingest/support.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::ingest::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const http::peer unix_socket{true, true, "unix"};

TEST(posting, one_event_is_accepted_with_its_sequence) {
  desk desk;
  const auto answer = desk.ask(post(page_view("1")));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(answer.body, R"({"accepted":[{"source":"shop/bg","id":"1","sequence":1,"duplicate":false}]})");
}

TEST(posting, several_are_answered_in_their_order) {
  desk desk;
  const auto answer =
      desk.ask(post("[" + page_view("b") + "," + page_view("a") + "," + page_view("b") + "]"));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, R"({"accepted":[{"source":"shop/bg","id":"b","sequence":1,"duplicate":false},)"
                         R"({"source":"shop/bg","id":"a","sequence":2,"duplicate":false},)"
                         R"({"source":"shop/bg","id":"b","sequence":1,"duplicate":true}]})");
}

TEST(posting, nothing_is_answered_before_it_is_durable) {
  desk desk;
  desk.log.hold();
  desk.begin(post(page_view("1")));
  EXPECT_EQ(desk.look().status, 0);
  EXPECT_EQ(desk.door.requests_in_flight(), 1u);
  desk.log.sync();
  EXPECT_EQ(desk.look().status, 202);
  EXPECT_EQ(desk.door.requests_in_flight(), 0u);
}

TEST(posting, a_write_that_failed_at_its_sync_is_unknown_and_may_be_repeated) {
  desk desk;
  desk.log.hold();
  desk.begin(post(page_view("1")));
  EXPECT_EQ(desk.look().status, 0);
  desk.log.crash();
  const auto answer = desk.look();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(reason(answer), "unknown");
  EXPECT_TRUE(answer.headers.find("Retry-After"));
}

TEST(posting, only_duplicates_are_200) {
  desk desk;
  ASSERT_EQ(desk.ask(post(page_view("1"))).status, 202);
  const auto again = desk.ask(post(page_view("1")));
  EXPECT_EQ(again.status, 200);
  EXPECT_THAT(again.body, HasSubstr(R"("sequence":1,"duplicate":true)"));
  EXPECT_EQ(desk.ask(post("[" + page_view("1") + "," + page_view("2") + "]")).status, 202);
  EXPECT_EQ(desk.log.stats().events, 2u);
}

TEST(posting, other_content_under_a_known_id_is_a_conflict_and_stores_nothing) {
  desk desk;
  ASSERT_EQ(desk.ask(post(page_view("1"))).status, 202);
  const auto answer = desk.ask(post("[" + page_view("2") + "," + page_view("1", "/other") + "]"));
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(pointers(answer), ElementsAre("/id"));
  EXPECT_THAT(answer.body, HasSubstr(R"("index":1)"));
  EXPECT_EQ(desk.log.stats().events, 1u);
}

TEST(posting, one_bad_event_refuses_all_of_them) {
  desk desk;
  const auto answer = desk.ask(post("[" + page_view("1") + R"(,{"id":"2"}])"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.headers.find("Content-Type"), "application/problem+json");
  EXPECT_THAT(answer.body, HasSubstr(R"("index":1)"));
  EXPECT_EQ(desk.log.stats().events, 0u);
}

TEST(posting, what_is_no_json_is_400) {
  desk desk;
  for (const char* body : {"", "null", "7", "\"x\"", "[]", "[1]", "{", "{\"id\":\"1\",\"id\":\"2\"}", "\xff"})
    EXPECT_EQ(desk.ask(post(body)).status, 400) << body;
  EXPECT_EQ(desk.log.stats().events, 0u);
}

TEST(posting, a_header_that_no_event_can_have_is_told_once_and_not_of_the_body) {
  desk desk;
  auto binary = post(R"({"page":{"url":"/"}})");
  for (const auto& [name, value] :
       {std::pair("ce-id", "%ff"), std::pair("ce-source", "shop/bg"), std::pair("ce-type", "page.viewed")})
    binary.headers.add(name, value);
  const auto answer = desk.ask(binary);
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(pointers(answer), ElementsAre("/id"));
  EXPECT_THAT(answer.body, HasSubstr("the request holds what is no valid event"));
}

TEST(posting, more_events_than_allowed_are_413) {
  options settings;
  settings.max_events_per_request = 2;
  desk desk(settings);
  EXPECT_EQ(desk.ask(post("[" + page_view("1") + "," + page_view("2") + "]")).status, 202);
  EXPECT_EQ(desk.ask(post("[" + page_view("3") + "," + page_view("4") + "," + page_view("5") + "]")).status,
            413);
  EXPECT_EQ(desk.log.stats().events, 2u);
}

TEST(posting, an_event_that_is_larger_than_one_may_be_is_413_and_named) {
  options settings;
  settings.events.unknown = event::options::unknown_members::keep;
  desk desk(settings);
  auto large = page_view("2");
  large.insert(large.find(R"("page":)"), R"("pad":")" + std::string(queue::largest_event, 'x') + R"(",)");
  const auto alone = desk.ask(post(large));
  EXPECT_EQ(alone.status, 413);
  EXPECT_THAT(pointers(alone), ElementsAre(""));
  const auto among_others = desk.ask(post("[" + page_view("1") + "," + large + "]"));
  EXPECT_EQ(among_others.status, 413);
  EXPECT_THAT(among_others.body, HasSubstr(R"("index":1)"));
  EXPECT_EQ(desk.log.stats().events, 0u);
  EXPECT_EQ(desk.log.stats().ingest.refused, 2u);
}

TEST(posting, other_media_types_are_415_before_the_body_is_read) {
  desk desk;
  for (const char* type : {"", "text/plain", "application/xml", "application/json; charset=utf-16"}) {
    const auto what = post(page_view("1"), type);
    const auto refused = desk.door.screen(what, {false, true, ""});
    ASSERT_TRUE(refused) << type;
    EXPECT_EQ(refused->status, 415) << type;
  }
}

TEST(posting, a_queue_that_takes_nothing_is_503_with_its_reason) {
  desk desk;
  for (const auto& [why, name] :
       {std::pair(queue::errc::full, "queue_full"), std::pair(queue::errc::disk_low, "disk_low")}) {
    desk.log.refuse_appends(why);
    const auto answer = desk.ask(post(page_view("1")));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(reason(answer), name);
    EXPECT_TRUE(answer.headers.find("Retry-After"));
  }
  desk.log.refuse_appends(std::nullopt);
  EXPECT_EQ(desk.ask(post(page_view("1"))).status, 202);
}

TEST(posting, while_stopping_nothing_is_taken) {
  desk desk;
  desk.door.stop_accepting();
  const auto answer = desk.ask(post(page_view("1")));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(reason(answer), "stopping");
  EXPECT_EQ(desk.log.stats().events, 0u);
}

TEST(posting, refusals_are_counted) {
  desk desk;
  ASSERT_EQ(desk.ask(post("{}")).status, 400);
  ASSERT_EQ(desk.ask(post(page_view("1"), "text/plain")).status, 415);
  ASSERT_EQ(desk.ask(post(page_view("1"))).status, 202);
  ASSERT_EQ(desk.ask(post(page_view("1", "/other"))).status, 409);
  EXPECT_EQ(desk.log.stats().ingest.refused, 3u);
  ASSERT_EQ(desk.ask(with(post(page_view("1")), "Host", "attacker.example")).status, 421);
  EXPECT_EQ(desk.log.stats().ingest.refused, 4u);
  desk.door.note_refused();  // by its framing: the listener tells
  EXPECT_EQ(desk.log.stats().ingest.refused, 5u);
  EXPECT_EQ(desk.log.stats().ingest.accepted, 1u);
}

TEST(posting, only_requests_with_events_count_as_refused) {
  desk desk;
  ASSERT_EQ(desk.ask(get("/v1/events/1")).status, 401);
  ASSERT_EQ(desk.ask(with(get("/v1/events/1"), "Host", "attacker.example")).status, 421);
  ASSERT_EQ(desk.ask(get("/v1/events/1"), unix_socket).status, 404);
  EXPECT_EQ(desk.log.stats().ingest.refused, 0u);
}

TEST(posting, an_event_that_the_queue_finds_too_large_counts_as_refused) {
  desk desk;
  desk.log.refuse_appends(queue::errc::too_large);
  EXPECT_EQ(desk.ask(post(page_view("1"))).status, 413);
  EXPECT_EQ(desk.log.stats().ingest.refused, 1u);
}

TEST(receipts, by_sequence_and_by_source_and_id) {
  desk desk;
  ASSERT_EQ(desk.ask(post(page_view("a b"))).status, 202);
  const auto by_sequence = desk.ask(get("/v1/events/1"), unix_socket);
  EXPECT_EQ(by_sequence.status, 200);
  const auto by_key = desk.ask(get("/v1/events?source=shop%2Fbg&id=a%20b"), unix_socket);
  EXPECT_EQ(by_key.status, 200);
  EXPECT_EQ(by_key.body, by_sequence.body);
  EXPECT_EQ(boost::json::parse(by_key.body).at("event").at("id"), "a b");
}

TEST(receipts, of_what_is_not_there) {
  desk desk;
  for (const char* target : {"/v1/events/1", "/v1/events/0", "/v1/events/x", "/v1/events/1x", "/v1/events/-1",
                             "/v1/events/99999999999999999999", "/v1/events?source=s&id=1"}) {
    const auto answer = desk.ask(get(target), unix_socket);
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_THAT(answer.body, HasSubstr("no such event")) << target;
  }
}

TEST(receipts, are_not_for_caches) {
  desk desk;
  ASSERT_EQ(desk.ask(post(page_view("1"))).status, 202);
  for (const char* target : {"/v1/events/1", "/v1/events?source=shop%2Fbg&id=1", "/v1/events/2"})
    EXPECT_EQ(desk.ask(get(target), unix_socket).headers.find("Cache-Control"), "no-store") << target;
}

TEST(receipts, have_one_path_and_no_parameters) {
  desk desk;
  ASSERT_EQ(desk.ask(post(page_view("1"))).status, 202);
  EXPECT_EQ(desk.ask(get("/v1/events/1"), unix_socket).status, 200);
  EXPECT_EQ(desk.ask(get("/v1/events/0001"), unix_socket).status, 404);
  const auto refused = desk.ask(get("/v1/events/1?foo=1"), unix_socket);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(pointers(refused), ElementsAre("?foo"));
}

TEST(receipts, a_key_has_two_parts) {
  desk desk;
  for (const char* query : {"", "?source=s", "?id=1", "?source=s&id=1&x=2", "?source=s&source=s",
                            "?id=1&id=1", "?source=s&id=%zz"})
    EXPECT_EQ(desk.ask(get(std::string("/v1/events") + query), unix_socket).status, 400) << query;
}

}  // namespace
}  // namespace cartrelay::ingest::testing
