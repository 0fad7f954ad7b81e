#include "dispatch/narrator.hpp"

#include "event/parse.hpp"
#include "event/trace.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

using base::log::level;
using destinations::verdict;
using testing::ElementsAre;

constexpr const char* id = "4bf92f3577b34da6a3ce929d0e0e4736";

event::event_ptr traced(const std::string& parent) {
  const auto body = R"({"id":"1","source":"shop","type":"order.cancelled","traceparent":")" + parent +
                    R"(","tracestate":"a=b","data":{"order":{"id":"1"},"customer":{"email":"CANARY"}}})";
  return std::make_shared<event::event>(
      event::parse_body(body, event::encoding::json, 1, {}, {}).value().front());
}

event::event_ptr well_traced() {
  return traced(fmt::format("00-{}-00f067aa0ba902b7-01", id));
}

/// `level words` of each line.
std::vector<std::string> told(const std::vector<narrator::line>& lines) {
  std::vector<std::string> out;
  for (const auto& [at, words] : lines)
    out.push_back((at == level::warning ? "warning " : at == level::info ? "info " : "debug ") + words);
  return out;
}

struct narrator_test : testing::Test {
  narrator_test() { given.name = "x"; }

  std::vector<std::string> after(std::vector<verdict> judged, const event::event_ptr& what,
                                 bool detailed = false) {
    attempt_result came;
    came.status = status;
    came.abandoned = abandoned;
    came.answer = "CANARY";
    batch sent;
    for (const auto verdict : judged) {
      came.judgements.push_back(
          {verdict, verdict == verdict::delivered ? "" : "why", "CANARY", {}, {}, divisible, {}});
      sent.numbers.push_back(7 + sent.numbers.size());
    }
    const std::vector<event::event_ptr> events(judged.size(), what);
    std::vector<consequence> fates;
    for (const auto& each : came.judgements)
      fates.push_back(consequence_of(each, given, abandoned, judged.size() == 1));
    return told(tells.after(given, sent, events, came, fates, now, detailed));
  }

  destinations::options given;
  narrator tells;
  base::steady_time now{std::chrono::hours(1)};
  int status = 503;
  bool abandoned = false, divisible = false;
};

TEST_F(narrator_test, a_failure_names_its_trace) {
  const std::string end = std::string(": why, status 503, trace ") + id;
  EXPECT_THAT(after({verdict::retry, verdict::reject, verdict::delivered}, well_traced()),
              ElementsAre("info destination x: event 7 (order.cancelled) is tried again" + end,
                          "warning destination x: event 8 (order.cancelled) is a dead letter" + end));
  EXPECT_THAT(told(tells.dead_letter(given, 9, well_traced().get(), "unmappable", now, false)),
              ElementsAre(std::string("warning destination x: event 9 (order.cancelled) is a dead letter: "
                                      "unmappable, trace ") +
                          id));
  EXPECT_THAT(told(tells.dead_letter(given, 9, nullptr, "corrupt", now, false)),
              ElementsAre("warning destination x: event 9 is a dead letter: corrupt"));
}

TEST_F(narrator_test, tells_of_what_cannot_be_read_any_more) {
  status = 0;
  abandoned = true;
  EXPECT_THAT(after({verdict::reject}, nullptr),
              ElementsAre("warning destination x: event 7 is a dead letter: why"));
}

TEST_F(narrator_test, what_is_no_trace_is_no_part_of_a_line_above_debug) {
  for (const auto* parent :
       {"maria@example.com", "00-maria", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"})
    EXPECT_THAT(after({verdict::retry}, traced(parent)),
                ElementsAre("info destination x: event 7 (order.cancelled) is tried again: why, status 503"))
        << parent;
}

TEST_F(narrator_test, a_success_is_told_at_debug_only_as_it_was_sent) {
  status = 202;
  EXPECT_THAT(after({verdict::delivered}, well_traced()), ElementsAre());
  EXPECT_THAT(
      after({verdict::delivered}, traced("mine"), true),
      ElementsAre("debug destination x: event 7 (order.cancelled) is delivered, status 202, traceparent "
                  "\"mine\", tracestate \"a=b\""));
}

TEST_F(narrator_test, tells_what_the_lane_decides) {
  divisible = true;
  EXPECT_THAT(after({verdict::reject}, well_traced()), ElementsAre(testing::HasSubstr("is a dead letter")));
  EXPECT_THAT(after({verdict::reject, verdict::delivered}, well_traced()),
              ElementsAre(testing::HasSubstr(
                  "info destination x: event 7 (order.cancelled) was refused with others")));
  EXPECT_THAT(after({verdict::in_doubt}, well_traced()), ElementsAre(testing::HasSubstr("is tried again")));
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  EXPECT_THAT(after({verdict::in_doubt}, well_traced()), ElementsAre(testing::HasSubstr("is a dead letter")));
  abandoned = true;
  EXPECT_THAT(after({verdict::retry}, well_traced()), ElementsAre());
}

TEST_F(narrator_test, an_outage_does_not_fill_the_log) {
  const std::vector<verdict> many(100, verdict::retry);
  EXPECT_EQ(after(many, well_traced()).size(), narrator::most_lines);
  EXPECT_THAT(after(many, well_traced()), ElementsAre());
  now += std::chrono::seconds(1);
  EXPECT_EQ(after({verdict::retry}, well_traced()).front(),
            "warning destination x: 180 more events failed, and were not told of one by one");
  EXPECT_EQ(after(many, well_traced(), true).size(), many.size()) << "at debug everything is wanted";
}

TEST_F(narrator_test, what_was_left_out_is_told_in_the_end) {
  const std::vector<verdict> many(100, verdict::retry);
  static_cast<void>(after(many, well_traced()));
  EXPECT_THAT(told(tells.overdue(given, now)), ElementsAre());
  EXPECT_EQ(tells.due(), now + std::chrono::seconds(10));
  now = tells.due();
  EXPECT_THAT(told(tells.overdue(given, now)), ElementsAre(testing::HasSubstr("x: 80 more events failed")));
  EXPECT_EQ(tells.due(), base::steady_time::max());
}

TEST_F(narrator_test, what_expires_is_told_at_once_and_then_now_and_then) {
  given.retry.max_age = std::chrono::minutes(30);
  tells.expired(1);
  EXPECT_THAT(told(tells.overdue(given, now)),
              ElementsAre("warning destination x: 1 event expired, older than max_age (30m)"));
  tells.expired(2);
  tells.expired(3);
  EXPECT_THAT(told(tells.overdue(given, now)), ElementsAre());
  EXPECT_THAT(told(tells.overdue(given, now, true)), ElementsAre(testing::HasSubstr("x: 5 events expired")));
}

TEST_F(narrator_test, says_how_many_a_crash_left_in_doubt) {
  tells.left_in_doubt(2);
  EXPECT_LE(tells.due(), now);
  EXPECT_THAT(
      told(tells.overdue(given, now)),
      ElementsAre("warning destination x: 2 events may have been sent when the daemon ended, and must not "
                  "be sent twice: dead letters (in_doubt)"));
  EXPECT_THAT(told(tells.overdue(given, now, true)), ElementsAre());
}

TEST_F(narrator_test, does_not_say_that_what_gave_way_is_tried_again) {
  attempt_result came;
  came.judgements.push_back({verdict::retry, "http_500", "500", {}, {}, false, {}});
  batch sent;
  sent.numbers = {7};
  const auto all = [&](consequence fate) {
    return told(tells.after(given, sent, {well_traced()}, came, {fate}, now, true));
  };
  EXPECT_THAT(all(consequence::superseded),
              ElementsAre(testing::HasSubstr("debug destination x: event 7 (order.cancelled) gives way to")));
  EXPECT_THAT(all(consequence::erased), ElementsAre());
}

TEST_F(narrator_test, says_why_a_vendor_was_not_reached) {
  attempt_result came;
  came.judgements.push_back(
      {verdict::retry, "connect", "cannot connect to a.test:443: refused", {}, {}, false, {}});
  batch sent;
  sent.numbers = {7};
  EXPECT_THAT(told(tells.after(given, sent, {well_traced()}, came, {consequence::again}, now, false)),
              ElementsAre(testing::HasSubstr(
                  "is tried again: connect (cannot connect to a.test:443: refused), trace")));
}

}  // namespace
}  // namespace cartrelay::dispatch
