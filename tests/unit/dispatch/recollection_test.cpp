#include "dispatch/recollection.hpp"

#include "moments.hpp"

#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

using namespace std::chrono_literals;

class what_a_destination_recalls : public testing::Test {
 protected:
  std::string of(const std::string& key) {
    const auto* known = subject.find(key, now);
    if (known == nullptr) return "ask";
    return known->value_or("nothing");
  }
  void pass(base::duration span) { now += span; }

  recollection subject;
  base::steady_time now = at(0s).steady;
};

TEST_F(what_a_destination_recalls, is_what_the_queue_said_and_what_was_changed_since) {
  EXPECT_EQ(of("a"), "ask");
  subject.learn("a", "1", subject.age(), now);
  subject.learn("b", std::nullopt, subject.age(), now);
  EXPECT_EQ(of("a"), "1");
  EXPECT_EQ(of("b"), "nothing");
  subject.change("a", std::nullopt, now);
  subject.change("b", "2", now);
  EXPECT_EQ(of("a"), "nothing");
  EXPECT_EQ(of("b"), "2");
}

TEST_F(what_a_destination_recalls, an_answer_that_was_overtaken_by_a_change_is_not_believed) {
  const auto asked = subject.age();
  subject.change("a", "new", now);
  subject.learn("a", "old", asked, now);
  EXPECT_EQ(of("a"), "new");

  const auto again = subject.age();
  for (int minute = 0; minute < 3; ++minute) {
    pass(1min);
    subject.change("other", "x", now);
  }
  EXPECT_EQ(of("a"), "ask") << "the change was dropped";
  subject.learn("a", "old", again, now);
  EXPECT_EQ(of("a"), "ask");
}

TEST_F(what_a_destination_recalls, is_asked_again_after_a_minute) {
  subject.learn("a", "1", subject.age(), now);
  pass(20s);
  subject.learn("b", "2", subject.age(), now);
  EXPECT_EQ(of("a"), "1");
  pass(30s);
  subject.learn("c", "3", subject.age(), now);
  pass(30s);
  subject.learn("d", "4", subject.age(), now);
  EXPECT_EQ(of("a"), "ask");
}

TEST_F(what_a_destination_recalls, is_bounded_in_bytes) {
  for (int i = 0; i < 100; ++i)
    subject.change(std::to_string(i), std::string(10'000, 'x'), now);
  EXPECT_EQ(of("0"), "ask");
  EXPECT_EQ(of("99").size(), 10'000u);
}

TEST_F(what_a_destination_recalls, is_gone_at_a_word) {
  const auto asked = subject.age();
  subject.learn("a", "1", asked, now);
  subject.clear();
  EXPECT_EQ(of("a"), "ask");
  subject.learn("a", "1", asked, now);
  EXPECT_EQ(of("a"), "ask") << "asked before";
}

}  // namespace
}  // namespace cartrelay::dispatch
