#include "ingest/receipt_json.hpp"

#include "event/parse.hpp"
#include "event/stored.hpp"
#include "tests/unit/ingest/support.hpp"

#include <gtest/gtest.h>

namespace cartrelay::ingest::testing {
namespace {

using namespace std::chrono_literals;

const std::string sent =
    R"({"specversion":"1.0","id":"1","source":"shop/bg","type":"page.viewed","data":{"page":{"url":"/"}}})";
const std::string opening = R"({"sequence":42,"received_at":"2026-11-21T10:00:00.000Z","event":)";

queue::receipt empty_receipt() {
  queue::receipt out;
  const auto event = event::parse_body(sent, event::encoding::json, 1, arrival, {}).value().front();
  out.event.number = 42;
  out.event.received_at = arrival;
  out.event.type = event.type;
  out.event.stored = event::encode(event);
  return out;
}

queue::receipt with_line(queue::receipt_line line) {
  auto out = empty_receipt();
  out.event.routed = {3};
  out.lines.push_back(std::move(line));
  return out;
}

queue::attempts two_attempts() {
  queue::attempts out;
  out.count = 2;
  out.first = arrival + 1s;
  out.last = arrival + 2s;
  out.request = "POST https://v.example/x";
  out.status = 503;
  out.answer = "busy \"now\"";
  out.batch = "b-1";
  return out;
}

const std::string two_attempts_json =
    R"("attempts":{"count":2,"first_at":"2026-11-21T10:00:01.000Z","last_at":"2026-11-21T10:00:02.000Z"},)"
    R"("request":"POST https://v.example/x","answer":{"status":503,"body":"busy \"now\""},"batch":"b-1"})";

std::string body_of(const queue::receipt& what) {
  return receipt_json(what, {{3, "releva"}});
}

TEST(receipt_json, of_an_event_that_nobody_wanted) {
  EXPECT_EQ(body_of(empty_receipt()), opening + sent + R"(,"destinations":[]})");
}

TEST(receipt_json, pending) {
  EXPECT_EQ(body_of(with_line({3, {}, {}})),
            opening + sent +
                R"(,"destinations":[{"destination":"releva","state":"pending","attempts":{"count":0}}]})");
}

TEST(receipt_json, retrying) {
  queue::exception waiting;
  waiting.tries = two_attempts();
  waiting.reason = "http_503";
  waiting.next_attempt = arrival + 3s;
  EXPECT_EQ(body_of(with_line({3, {}, waiting})),
            opening + sent +
                R"(,"destinations":[{"destination":"releva","state":"retrying","reason":"http_503",)"
                R"("next_attempt_at":"2026-11-21T10:00:03.000Z",)" +
                two_attempts_json + "]}");
}

TEST(receipt_json, in_flight_with_a_mark_and_with_what_the_vendor_gave_before) {
  queue::exception waiting;
  waiting.marked = true;
  waiting.tries.count = 1;
  waiting.tries.first = waiting.tries.last = arrival;
  EXPECT_NE(body_of(with_line({3, {}, waiting})).find(R"("state":"pending","attempts":{"count":1,)"),
            std::string::npos);
  waiting.tries.count = 2;
  waiting.results = R"({"confirmation":7})";
  EXPECT_NE(body_of(with_line({3, {}, waiting}))
                .find(R"("state":"retrying","results":{"confirmation":7},"attempts":{"count":2,)"),
            std::string::npos);
}

TEST(receipt_json, ended_with_everything_there_is) {
  queue::end ended;
  ended.state = queue::end_state::superseded;
  ended.reason = "newer";
  ended.detail = "a newer snapshot";
  ended.superseded_by = 43;
  ended.results = R"({"confirmation":7})";
  ended.at = arrival + 4s;
  ended.tries = two_attempts();
  EXPECT_EQ(
      body_of(with_line({3, ended, {}})),
      opening + sent +
          R"(,"destinations":[{"destination":"releva","state":"superseded","at":"2026-11-21T10:00:04.000Z",)"
          R"("reason":"newer","detail":"a newer snapshot","superseded_by":43,"results":{"confirmation":7},)" +
          two_attempts_json + "]}");
}

TEST(receipt_json, an_attempt_without_an_answer_has_no_status) {
  queue::exception waiting;
  waiting.tries.count = 1;
  waiting.tries.answer = "connection refused";
  EXPECT_NE(body_of(with_line({3, {}, waiting})).find(R"("answer":{"body":"connection refused"})"),
            std::string::npos);
}

TEST(receipt_json, what_cannot_be_read_any_more_is_null) {
  auto damaged = empty_receipt();
  damaged.event.stored = "?";
  EXPECT_EQ(body_of(damaged), opening + R"(null,"destinations":[]})");
}

TEST(receipt_json, names_come_from_the_queue) {
  queue::queue_stats stats;
  stats.destinations.resize(2);
  stats.destinations[0].id = 3;
  stats.destinations[0].name = "releva";
  stats.destinations[1].id = 9;
  stats.destinations[1].name = "gone";
  EXPECT_EQ(names_of(stats), (destination_names{{3, "releva"}, {9, "gone"}}));
}

}  // namespace
}  // namespace cartrelay::ingest::testing
