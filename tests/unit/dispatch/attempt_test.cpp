#include "dispatch/attempt.hpp"

#include "destinations/judge.hpp"
#include "moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace cartrelay::dispatch {
namespace {

using destinations::judgement;
using destinations::verdict;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

/// A kind with switches: as many requests as asked for, and a throw wherever wanted.
struct switches {
  std::size_t requests = 1;
  std::string throws_in;      // begin, next, take, judgements
  bool lacks_memory = false;  // throws that
  std::size_t judged = 1;
  std::string token, results, throws_with;
};

class switched_delivery final : public destinations::delivery {
 public:
  explicit switched_delivery(const switches& how) : how_(how), left_(how.requests) {}

  std::optional<http::request> next(base::timestamp) override {
    may_throw("next");
    if (left_ == 0) return std::nullopt;
    http::request out;
    out.method = "POST";
    out.target = "https://vendor.test/" + std::to_string(how_.requests - left_);
    out.body = "holds the secret";
    if (!how_.token.empty()) out.headers.add("Authorization", "Bearer " + how_.token);
    return out;
  }
  void take(const http::outcome& came) override {
    may_throw("take");
    judged_ = destinations::judge(came, at(0s).wall);
    judged_.results = judged_.memo = how_.results;
    left_ = judged_.what == verdict::delivered ? left_ - 1 : 0;
  }
  bool safe_to_repeat() const override { return false; }
  std::vector<judgement> judgements() const override {
    may_throw("judgements");
    return std::vector<judgement>(how_.judged, judged_);
  }
  std::vector<destinations::memory_change> changes() const override { return {{"key", "value"}}; }

 private:
  void may_throw(std::string_view where) const {
    if (how_.throws_in == where) throw std::runtime_error("broken in " + how_.throws_in + how_.throws_with);
  }
  switches how_;
  std::size_t left_;
  judgement judged_;
};

class switched_kind final : public destinations::destination {
 public:
  explicit switched_kind(switches how) : how_(std::move(how)) {}

  destinations::screening screen(const event::event&) const override { return {}; }
  std::vector<std::string> order_keys(const event::event&) const override { return {"a"}; }
  std::unique_ptr<destinations::delivery> begin(std::vector<destinations::delivery_event>,
                                                destinations::memory known) override {
    known_ = std::move(known);
    if (how_.throws_in == "begin" && how_.lacks_memory) throw std::bad_alloc();
    if (how_.throws_in == "begin") throw std::runtime_error("broken in begin");
    return std::make_unique<switched_delivery>(how_);
  }
  const destinations::memory& known() const { return known_; }

 private:
  switches how_;
  destinations::memory known_;
};

class attempt_of_two : public testing::Test {
 protected:
  attempt_of_two() { how.judged = 2; }

  attempt begin() {
    kind = std::make_unique<switched_kind>(how);
    batch what;
    what.numbers = {1, 2};
    what.memos = {"", ""};
    const std::vector<event::event_ptr> events(2, std::make_shared<event::event>());
    return {what, events, stored, *kind, hide, "mine", at(5s)};
  }
  static http::outcome answer(int status) {
    http::response out;
    out.status = status;
    out.body = "the secret was wrong";
    return out;
  }
  static destinations::options given() {
    destinations::options out;
    out.secret = base::secret("the secret");
    return out;
  }

  switches how;
  destinations::memory stored;
  masking hide{given()};
  std::unique_ptr<switched_kind> kind;
};

TEST_F(attempt_of_two, asks_until_the_kind_has_enough) {
  how.requests = 3;
  auto subject = begin();
  std::size_t requests = 0;
  while (subject.next(at(5s))) {
    ++requests;
    EXPECT_FALSE(subject.safe_to_repeat());
    subject.take(answer(200), at(5s));
  }
  EXPECT_EQ(requests, 3u);
  const auto came = subject.result();
  EXPECT_THAT(came.judgements, Each(Field(&judgement::what, verdict::delivered)));
  EXPECT_EQ(came.request, "POST https://vendor.test/2");
  EXPECT_EQ(came.status, 200);
  EXPECT_EQ(came.answer, "*** was wrong");
  EXPECT_THAT(came.evidence, IsEmpty());
  EXPECT_THAT(came.changes, SizeIs(1));
  EXPECT_EQ(came.began, at(5s).wall);
  EXPECT_FALSE(came.abandoned);
}

TEST_F(attempt_of_two, knows_only_what_is_true_of_its_account) {
  stored = {{"a", "mine:1"}, {"b", "mine:"}, {"c", "theirs:1"}, {"d", "old"}};
  auto subject = begin();
  EXPECT_THAT(kind->known(), ElementsAre(Pair("a", "1"), Pair("b", "")));
  const auto before = subject.changes_before();
  ASSERT_THAT(before, SizeIs(2)) << "what it does to them is not told";
  EXPECT_EQ(before[0].key, "c");
  EXPECT_EQ(before[1].key, "d");
  EXPECT_THAT(before, Each(Field(&destinations::memory_change::value, std::nullopt)));
  ASSERT_TRUE(subject.next(at(5s)));
  subject.take(answer(200), at(5s));
  EXPECT_EQ(subject.result().changes.at(0).value, "mine:value");
}

TEST_F(attempt_of_two, keeps_the_request_as_evidence_of_a_refusal) {
  auto subject = begin();
  ASSERT_TRUE(subject.next(at(5s)));
  subject.take(answer(422), at(5s));
  EXPECT_FALSE(subject.next(at(5s)));
  const auto came = subject.result();
  EXPECT_EQ(came.judgements.at(0).what, verdict::reject);
  EXPECT_THAT(came.judgements.at(0).detail, Not(HasSubstr("the secret")));
  EXPECT_THAT(came.evidence, HasSubstr("holds ***"));
}

TEST_F(attempt_of_two, counts_a_date_to_wait_for_from_the_answer) {
  const auto waits_after = [this](std::chrono::seconds answer_took) {
    auto subject = begin();
    static_cast<void>(subject.next(at(0s)));
    http::response busy;
    busy.status = 503;
    busy.headers.add("Retry-After", base::format_http_date(at(60s).wall));
    subject.take(busy, at(answer_took));
    return subject.result().judgements.at(0).retry_after;
  };
  EXPECT_EQ(waits_after(0s), 60s);
  EXPECT_EQ(waits_after(6s), 54s);
  EXPECT_EQ(waits_after(61s), std::nullopt) << "it has passed";
}

TEST_F(attempt_of_two, keeps_a_token_that_the_kind_fetched_to_itself) {
  how.token = "t0k/en";
  how.results = R"({"url":"https://x/?t=t0k/en"})";
  auto subject = begin();
  ASSERT_TRUE(subject.next(at(5s)));
  http::response echo;
  echo.status = 422;
  echo.body = R"({"Authorization":"Bearer t0k\/en"})";
  subject.take(echo, at(5s));
  const auto came = subject.result();
  EXPECT_EQ(came.answer, R"({"Authorization":"Bearer ***"})");
  EXPECT_EQ(came.judgements.at(0).results, R"({"url":"https://x/?t=***"})");
  EXPECT_EQ(came.judgements.at(0).memo, came.judgements.at(0).results);
  for (const auto& words : {came.judgements.at(0).detail, came.evidence, came.request})
    EXPECT_THAT(words, Not(HasSubstr("t0k"))) << words;
}

TEST_F(attempt_of_two, keeps_a_secret_out_of_what_a_broken_kind_says) {
  how.throws_in = "next";
  how.throws_with = "the secret";
  auto subject = begin();
  EXPECT_FALSE(subject.next(at(5s)));
  EXPECT_THAT(subject.result().judgements.at(0).detail, Not(HasSubstr("the secret")));
}

TEST_F(attempt_of_two, abandoned_between_requests_it_is_to_be_tried_again) {
  how.requests = 3;
  auto subject = begin();
  ASSERT_TRUE(subject.next(at(5s)));
  subject.take(answer(200), at(5s));
  ASSERT_TRUE(subject.next(at(6s)));
  subject.abandon("the vendor wants quiet");
  EXPECT_FALSE(subject.next(at(6s)));
  const auto came = subject.result();
  EXPECT_TRUE(came.abandoned);
  EXPECT_THAT(came.judgements, Each(Field(&judgement::what, verdict::retry)));
  EXPECT_EQ(came.request, "POST https://vendor.test/0") << "the last that was sent";
}

TEST_F(attempt_of_two, abandoned_before_its_first_request_it_has_sent_nothing) {
  auto subject = begin();
  ASSERT_TRUE(subject.next(at(5s)));
  subject.abandon("the vendor wants quiet");
  EXPECT_THAT(subject.result().request, IsEmpty());
}

TEST_F(attempt_of_two, a_shortage_of_memory_is_no_fault_of_its_events) {
  how.throws_in = "begin";
  how.lacks_memory = true;
  EXPECT_THROW(begin(), std::bad_alloc);
}

TEST_F(attempt_of_two, a_kind_that_throws_has_refused_its_events) {
  for (const auto* where : {"begin", "next", "take", "judgements"}) {
    how.throws_in = where;
    auto subject = begin();
    static_cast<void>(subject.changes_before());
    while (subject.next(at(5s)))
      subject.take(answer(200), at(5s));
    const auto came = subject.result();
    ASSERT_THAT(came.judgements, SizeIs(2)) << where;
    EXPECT_EQ(came.judgements[0].what, verdict::reject);
    EXPECT_EQ(came.judgements[0].reason, "internal");
    EXPECT_EQ(came.judgements[0].detail, std::string("broken in ") + where);
    EXPECT_TRUE(came.judgements[0].divisible) << "to find the one that it cannot cope with";
    EXPECT_THAT(came.changes, IsEmpty());
  }
}

TEST_F(attempt_of_two, a_kind_that_judges_too_few_has_refused_them_too) {
  how.judged = 1;
  auto subject = begin();
  while (subject.next(at(5s)))
    subject.take(answer(200), at(5s));
  EXPECT_THAT(subject.result().judgements, Each(Field(&judgement::reason, "internal")));
}

}  // namespace
}  // namespace cartrelay::dispatch
