#include "sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations {
namespace {

using test::answer;
using test::answer_of;
using test::paid;
using test::plain_item;
using test::result_of;
using test::rokt_item;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class rokt_replay : public testing::Test {
 protected:
  std::unique_ptr<destination> rokt_ = test::make_destination(test::rokt_options());
  event::event_ptr what_ = paid(plain_item() + "," + rokt_item(1) + "," + rokt_item(2) + "," + rokt_item(3));
  std::string memo_;
  test::attempt_log last_;

  /// An attempt with the memo of the one before.
  const judgement& attempt(const http::outcome& came) {
    last_ = test::run(*rokt_, {{what_, memo_}}, {came});
    memo_ = last_.judgements.at(0).memo;
    return last_.judgements.at(0);
  }
  [[nodiscard]] const std::string& sent() const { return last_.requests.at(0).body; }
};

TEST_F(rokt_replay, sends_only_what_was_not_confirmed) {
  EXPECT_EQ(attempt(answer(200, answer_of(result_of(2)))).what, verdict::reject);
  EXPECT_EQ(attempt(answer(200, answer_of(result_of(1) + "," + result_of(3)))).what, verdict::delivered);
  EXPECT_THAT(sent(), AllOf(HasSubstr("ci-1"), Not(HasSubstr("ci-2")), HasSubstr("ci-3")));
}

TEST_F(rokt_replay, keeps_the_confirmations_of_every_attempt) {
  attempt(answer(200, answer_of(result_of(2))));
  attempt(answer(200, answer_of(result_of(3))));
  const auto& out = attempt(answer(200, answer_of(result_of(1))));
  EXPECT_EQ(out.what, verdict::delivered);
  EXPECT_THAT(out.results, AllOf(HasSubstr("conf-1"), HasSubstr("conf-2"), HasSubstr("conf-3")));
}

TEST_F(rokt_replay, names_only_what_is_still_open) {
  attempt(answer(200, answer_of(result_of(2))));
  EXPECT_EQ(attempt(answer(200, answer_of(result_of(1)))).detail,
            "1 of 2 items not confirmed, cartItemId: ci-3");
}

TEST_F(rokt_replay, an_attempt_that_fails_otherwise_forgets_nothing) {
  attempt(answer(200, answer_of(result_of(2))));
  const http::outcome failures[] = {answer(503),
                                    answer(401),
                                    answer(422),
                                    answer(504),
                                    test::failed(http::stage::connect),
                                    test::failed(http::stage::sent)};
  for (const auto& failure : failures) {
    EXPECT_THAT(attempt(failure).results, HasSubstr("conf-2"));
    EXPECT_THAT(sent(), AllOf(HasSubstr("ci-1"), Not(HasSubstr("ci-2")), HasSubstr("ci-3")));
  }
}

TEST_F(rokt_replay, the_first_attempt_that_fails_leaves_everything_open) {
  attempt(answer(503));
  attempt(answer(503));
  EXPECT_THAT(sent(), AllOf(HasSubstr("ci-1"), HasSubstr("ci-2"), HasSubstr("ci-3")));
}

TEST_F(rokt_replay, of_twins_sends_the_one_that_is_open) {
  what_ = paid(rokt_item(1, "10") + "," + rokt_item(1, "20"));
  attempt(answer(200, answer_of(result_of(1))));
  attempt(answer(200, answer_of(result_of(1))));
  EXPECT_THAT(sent(), AllOf(HasSubstr("\"unitPrice\":20"), Not(HasSubstr("\"unitPrice\":10,"))));
}

TEST_F(rokt_replay, with_an_unreadable_memo_sends_nothing) {
  for (const auto* memo : {"?", "{}", "[]", R"({"open":[-1],"items":[]})", R"({"open":[0],"items":[{}]})"}) {
    const auto log = test::run(*rokt_, {{what_, memo}}, {});
    ASSERT_EQ(log.judgements.size(), 1u);
    EXPECT_EQ(log.judgements[0].what, verdict::reject);
    EXPECT_EQ(log.judgements[0].reason, "memo_unreadable");
    EXPECT_EQ(log.judgements[0].memo, memo);
  }
}

}  // namespace
}  // namespace cartrelay::destinations
