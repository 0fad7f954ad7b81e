#include "dispatch/account_mark.hpp"
#include "dispatch/control.hpp"
#include "dispatch/errc.hpp"
#include "dispatch/outbox.hpp"
#include "moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

queue::end ended(queue::sequence number) {
  queue::end out;
  out.number = number;
  return out;
}
queue::exception row(queue::sequence number, std::string reason) {
  queue::exception out;
  out.number = number;
  out.reason = std::move(reason);
  return out;
}

TEST(outbox, groups_what_comes_while_a_step_is_on_its_way) {
  outbox subject;
  EXPECT_TRUE(subject.empty());
  const auto first = subject.end(ended(1));
  EXPECT_THAT(subject.take(1).ends, SizeIs(1));
  EXPECT_TRUE(subject.on_its_way());
  const auto second = subject.end(ended(2));
  subject.end(ended(3));
  subject.count_attempt(true);
  EXPECT_EQ(subject.ends(), 3u);
  EXPECT_FALSE(subject.durable(first));
  subject.done();
  EXPECT_TRUE(subject.durable(first));
  EXPECT_FALSE(subject.durable(second));
  const auto step = subject.take(3);
  EXPECT_THAT(step.ends, SizeIs(2));
  EXPECT_EQ(step.attempts, 1u);
  EXPECT_EQ(step.failed_attempts, 1u);
  subject.done();
  EXPECT_TRUE(subject.durable(second));
  EXPECT_TRUE(subject.empty());
}

TEST(outbox, an_end_makes_a_row_of_the_same_step_needless) {
  outbox subject;
  subject.wait(row(1, "http_503"));
  subject.wait(row(2, "http_503"));
  subject.wait(row(2, "timeout"));
  subject.end(ended(1));
  const auto step = subject.take(0);
  ASSERT_THAT(step.exceptions, SizeIs(1));
  EXPECT_EQ(step.exceptions[0].number, 2u);
  EXPECT_EQ(step.exceptions[0].reason, "timeout");
}

TEST(outbox, what_was_refused_goes_with_the_next_step) {
  outbox subject;
  subject.wait(row(1, "old"));
  subject.wait(row(2, "old"));
  subject.wait(row(3, "old"));
  const auto early = subject.control("old");
  static_cast<void>(subject.take(0));
  subject.end(ended(1));
  subject.wait(row(2, "new"));
  const auto late = subject.control("new");
  subject.undo();
  EXPECT_FALSE(subject.empty());
  const auto step = subject.take(0);
  EXPECT_THAT(step.ends, SizeIs(1));
  ASSERT_THAT(step.exceptions, SizeIs(2));
  EXPECT_EQ(step.exceptions[0].reason, "new");
  EXPECT_EQ(step.exceptions[1].reason, "old");
  EXPECT_EQ(step.control, "new");
  EXPECT_FALSE(subject.durable(early));
  subject.done();
  EXPECT_TRUE(subject.durable(early));
  EXPECT_TRUE(subject.durable(late));
}

TEST(outbox, remembers_before_it_is_durable) {
  outbox subject;
  EXPECT_FALSE(subject.remembered("cart:1"));
  subject.remember({{"cart:1", "old", {}}, {"cart:1", "set", {}}});
  EXPECT_EQ(**subject.remembered("cart:1"), "set");
  static_cast<void>(subject.take(0));
  EXPECT_EQ(**subject.remembered("cart:1"), "set");
  subject.remember({{"cart:1", std::nullopt, {}}});
  ASSERT_TRUE(subject.remembered("cart:1"));
  EXPECT_FALSE(*subject.remembered("cart:1")) << "known to be forgotten";
  subject.done();
  static_cast<void>(subject.take(0));
  subject.done();
  EXPECT_FALSE(subject.remembered("cart:1")) << "the queue knows";
}

TEST(control, survives_as_text) {
  control given;
  given.kind = "rokt";
  given.paused = true;
  given.held = control::pause{at(90s).wall, "http_429", "0ddba115", at(30s).wall};
  given.suspended = suspension::record{at(1s).wall, at(61s).wall, 2, "http_401", "0badcafe"};
  const auto read = parse_control(to_text(given));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, "rokt");
  EXPECT_TRUE(read->paused);
  EXPECT_EQ(read->held->until, at(90s).wall);
  EXPECT_EQ(read->held->reason, "http_429");
  EXPECT_EQ(read->held->address, "0ddba115");
  EXPECT_EQ(read->held->since, at(30s).wall);
  EXPECT_EQ(read->suspended->since, at(1s).wall);
  EXPECT_EQ(read->suspended->next_probe, at(61s).wall);
  EXPECT_EQ(read->suspended->probes, 2u);
  EXPECT_EQ(read->suspended->reason, "http_401");
  EXPECT_EQ(read->suspended->account, "0badcafe");
}

TEST(control, a_hold_that_an_older_version_stored_is_nobodys_in_particular) {
  const auto read =
      parse_control(R"({"version":1,"paused":false,"held":{"until":5000000,"reason":"http_429"}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->held->until, base::from_micros(5'000'000));
  EXPECT_EQ(read->held->address, "");
  EXPECT_FALSE(read->held->since);
}

TEST(control, nothing_stored_is_nothing_special) {
  const auto read = parse_control("");
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->paused);
  EXPECT_FALSE(read->held);
  EXPECT_FALSE(read->suspended);
  EXPECT_EQ(to_text(*read), R"({"version":1,"paused":false})");
}

TEST(control, what_it_cannot_read_is_an_error_and_never_a_guess) {
  for (const auto* text : {"{", "[]", "{}", R"({"version":2,"paused":false})", R"({"version":1})",
                           R"({"version":1,"paused":"no"})", R"({"version":1,"paused":false,"held":{}})"})
    EXPECT_EQ(parse_control(text).error().code, errc::unreadable_control) << text;
}

TEST(account_mark, changes_with_any_text_or_secret_and_shows_none) {
  destinations::options given;
  given.name = "shop";
  given.url = "https://vendor.test/api";
  given.secret = base::secret("correct horse");
  const auto mark = account_mark(given);
  EXPECT_THAT(mark, SizeIs(8));
  EXPECT_EQ(account_mark(given), mark);
  const auto changes = [&](const auto& change) {
    auto other = given;
    change(other);
    return account_mark(other) != mark;
  };
  EXPECT_TRUE(changes([](auto& other) { other.secret = base::secret("correct horsf"); }));
  EXPECT_TRUE(changes([](auto& other) { other.own["client_secret"] = base::secret("battery"); }));
  EXPECT_TRUE(changes([](auto& other) { other.own["client_id"] = std::string("staple"); }));
  EXPECT_TRUE(changes([](auto& other) { other.url = "https://other.test/api"; }));
  EXPECT_FALSE(changes([](auto& other) { other.own["import_contacts"] = true; })) << "names nobody";
  EXPECT_FALSE(changes([](auto& other) { other.retry.max = 1s; }));
}

TEST(address_mark, changes_with_the_url_alone) {
  destinations::options given;
  given.name = "shop";
  given.url = "https://vendor.test/api";
  const auto mark = address_mark(given);
  EXPECT_THAT(mark, SizeIs(8));
  auto other = given;
  other.secret = base::secret("battery");
  EXPECT_EQ(address_mark(other), mark);
  other.url = "https://other.test/api";
  EXPECT_NE(address_mark(other), mark);
}

}  // namespace
}  // namespace cartrelay::dispatch
