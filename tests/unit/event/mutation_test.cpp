#include "event/stored.hpp"
#include "tests/unit/event/samples.hpp"

#include <gtest/gtest.h>

#include <random>

namespace cartrelay::event {
namespace {

using namespace samples;

/// Pieces that have a meaning, so that mutations get further than the parser.
const std::vector<std::string> pieces{
    "null",         "{}",      "[]",       "\"\"", "-1",        "1e400",
    "0e9",          "\\u0000", "\\ud83d",  "\xff", ",",         ":",
    "\"",           "{",       "]",        "true", "1.50",      "\"order\":",
    R"("id":"x",)", "\n",      "\xc2\x80", "щ",    "\x7f",      "[[[[",
    "\"data\":",    "\\\\",    "\\",       "1E+2", "\"type\":", R"("order.paid")",
    "\"refs\":"};

std::string mutated(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random()) % bound; };
  for (auto rounds = 1 + below(4); rounds > 0; --rounds) {
    const auto at = below(text.size());
    switch (below(4)) {
      case 0:
        text.erase(at, 1 + below(12));
        break;
      case 1:
        text.insert(at, pieces[below(pieces.size())]);
        break;
      case 2:
        text[at] = static_cast<char>(below(256));
        break;
      default:
        text.insert(below(text.size()), text.substr(at, below(40)));
    }
    if (text.empty()) text = " ";
  }
  return text;
}

void expect_reasons(const faults& refused) {
  ASSERT_FALSE(refused.list.empty());
  EXPECT_LE(refused.list.size(), max_faults);
  for (const auto& each : refused.list) {
    EXPECT_TRUE(each.pointer.empty() || each.pointer.front() == '/') << each.pointer;
    EXPECT_FALSE(each.detail.empty());
  }
}

void expect_stable(const event& taken) {
  const auto stored = decode(encode(taken));
  ASSERT_TRUE(stored) << stored.error().message();
  EXPECT_EQ(stored->json, taken.json);
  EXPECT_EQ(digest(*stored), digest(taken));
  EXPECT_EQ(encode(*stored), encode(taken));
}

// Whatever arrives is either refused with reasons or can be stored and read back as the same event.
TEST(mutation, of_good_events) {
  const options keep{options::unknown_members::keep, {}};
  std::mt19937 random(20'260'315);  // fixed: what fails once fails again
  std::size_t taken = 0, refused = 0;
  for (const auto& path : files(corpus() / "good")) {
    const auto original = read_file(path);
    for (int round = 0; round < 600; ++round) {
      const auto body = mutated(original, random);
      for (const auto& rules : {options{}, keep}) {
        const auto events = parse(body, encoding::json, rules);
        SCOPED_TRACE(body.substr(0, 2'000));
        if (!events) expect_reasons(events.error());
        if (events) expect_stable(events->front());
        ++(events ? taken : refused);
      }
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(taken, 500u);
  EXPECT_GT(refused, 500u);
}

}  // namespace
}  // namespace cartrelay::event
