#include "ingest/answer.hpp"

#include "tests/unit/ingest/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::ingest::testing {
namespace {

using queue::append_outcome;
using queue::append_status;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr append_outcome fresh{append_status::appended, 0, 7};
constexpr append_outcome known{append_status::duplicate, 0, 3};
constexpr append_outcome clash{append_status::conflict, 0, 5};

TEST(answer, outcomes) {
  EXPECT_EQ(answer_outcomes({{"s", "1"}}, {fresh}).status, 202);
  EXPECT_EQ(answer_outcomes({{"s", "1"}}, {known}).status, 200);
  EXPECT_EQ(answer_outcomes({{"s", "1"}, {"s", "2"}}, {known, fresh}).status, 202);
  EXPECT_EQ(answer_outcomes({{"s", "1"}, {"s", "2"}}, {fresh, clash}).status, 409);
}

TEST(answer, ids_are_escaped) {
  EXPECT_THAT(answer_outcomes({{"s\"", "a\nb"}}, {fresh}).body, HasSubstr(R"("source":"s\"","id":"a\nb")"));
}

TEST(answer, a_conflict_names_the_earlier_event) {
  const auto alone = answer_outcomes({{"s", "1"}}, {clash});
  EXPECT_THAT(alone.body, HasSubstr("sequence 5"));
  EXPECT_THAT(alone.body, ::testing::Not(HasSubstr("index")));
  EXPECT_THAT(answer_outcomes({{"s", "1"}, {"s", "2"}}, {fresh, clash}).body, HasSubstr(R"("index":1)"));
}

TEST(answer, a_conflict_inside_the_request_names_no_sequence) {
  constexpr append_outcome inside{append_status::conflict, 0, 0};
  const auto answer =
      answer_outcomes({{"s", "0"}, {"s", "1"}, {"t", "1"}, {"s", "1"}}, {fresh, fresh, fresh, inside});
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.body,
              HasSubstr(R"(\"1\" stands in this request before (at index 1) with other content)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("index":3)"));
  EXPECT_THAT(answer.body, ::testing::Not(HasSubstr("sequence")));
}

TEST(answer, faults) {
  const event::faults invalid{event::fault_kind::invalid,
                              {{"/data/order/total", "required", 2}, {"/id", "x", {}}}};
  const auto answer = answer_faults(invalid);
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(pointers(answer), ElementsAre("/data/order/total", "/id"));
  EXPECT_THAT(answer.body, HasSubstr(R"({"pointer":"/data/order/total","detail":"required","index":2})"));
  EXPECT_EQ(answer_faults({event::fault_kind::malformed, {{"", "x", {}}}}).status, 400);
  EXPECT_EQ(answer_faults({event::fault_kind::too_many, {{"", "x", {}}}}).status, 413);
}

TEST(answer, events_that_are_too_large_are_named) {
  queue::new_event usual, largest, giant;
  usual.stored = "x";
  largest.stored.assign(queue::largest_event, 'x');
  giant.stored.assign(queue::largest_event + 1, 'x');
  EXPECT_FALSE(refuse_large({}));
  EXPECT_FALSE(refuse_large({usual, largest}));
  const auto alone = refuse_large({giant});
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->status, 413);
  EXPECT_THAT(
      alone->body,
      HasSubstr(
          R"([{"pointer":"","detail":"4194305 bytes as it is stored, at most 4194304 may be one event"}])"));
  const auto several = refuse_large({giant, usual, giant});
  ASSERT_TRUE(several);
  EXPECT_THAT(pointers(*several), ElementsAre("", ""));
  EXPECT_THAT(several->body, HasSubstr(R"("index":0)"));
  EXPECT_THAT(several->body, HasSubstr(R"("index":2)"));
}

TEST(answer, a_queue_that_does_not_take_it) {
  using queue::errc;
  for (const auto& [code, name] :
       {std::pair(errc::full, "queue_full"), std::pair(errc::disk_low, "disk_low"),
        std::pair(errc::stopped, "stopping"), std::pair(errc::read_only, "read_only"),
        std::pair(errc::unknown, "unknown"), std::pair(errc::busy, "busy"),
        std::pair(errc::corrupt, "storage")}) {
    const auto answer = answer_unavailable(queue::fail(code));
    EXPECT_EQ(answer.status, 503) << name;
    EXPECT_EQ(reason(answer), name);
    EXPECT_TRUE(answer.headers.find("Retry-After")) << name;
  }
  EXPECT_EQ(answer_unavailable(queue::fail(errc::too_large, "too large")).status, 413);
}

}  // namespace
}  // namespace cartrelay::ingest::testing
