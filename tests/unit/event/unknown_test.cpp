#include "event/stored.hpp"
#include "tests/unit/event/samples.hpp"

#include <gmock/gmock.h>

namespace cartrelay::event {
namespace {

using namespace samples;
using testing::ElementsAre;

const options keep{options::unknown_members::keep, {}};

const std::string odd =
    R"({"id":"1","source":"s","type":"page.viewed","shopVersion":{"a":[1,null]},"data":{"page":{"url":"/","title":"x"},)"
    R"("product":5,"customer":{"id":"1","emial":["y",{"z":"line\nbreak"}]}}})";

TEST(unknown_members, are_refused_unless_the_rules_keep_them) {
  EXPECT_EQ(refusal(odd).size(), 4u);
  const auto event = one(odd, keep);
  EXPECT_EQ(event.json, R"({"specversion":"1.0",)" + odd.substr(1));
  EXPECT_FALSE(event.data.product);  // kept, never interpreted
  EXPECT_FALSE(event.data.customer->email);
  EXPECT_TRUE(event.extensions.empty());
}

TEST(unknown_members, that_were_kept_are_read_back) {
  const auto event = one(odd, keep);
  const auto again = decode(encode(event));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->json, event.json);
}

TEST(unknown_members, count_in_the_digest) {
  EXPECT_NE(digest(one(odd, keep)), digest(one(page_view(), keep)));
}

TEST(unknown_members, are_clean_even_when_kept) {
  const auto kept = [](std::string_view member) {
    return refusal(R"({"id":"1","source":"s","type":"page.viewed","data":{"page":{"url":"/",)" +
                       std::string(member) + "}}}",
                   encoding::json, keep);
  };
  EXPECT_THAT(kept(R"("x":["a",{"b":"\u0000"}])"),
              ElementsAre("/data/page/x/1/b: holds a control character"));
  EXPECT_THAT(kept(R"("x":[["\u0007"]])"), ElementsAre("/data/page/x/0/0: holds a control character"));
  EXPECT_THAT(kept(R"("a\nb":1)"), ElementsAre("/data/page/a\nb: the name holds a control character"));
  std::string zeros = "0";
  for (int i = 0; i < 1'000; ++i)
    zeros += ",0";
  EXPECT_THAT(kept("\"x\":[" + zeros + "]"),
              ElementsAre("/data/page/x: 1001 elements, at most 1000 are allowed"));
}

TEST(unknown_members, do_not_excuse_the_known_ones) {
  EXPECT_THAT(refusal(R"({"id":"1","source":"s","type":"page.viewed","data":{"page":{"ulr":"/"}}})",
                      encoding::json, keep),
              ElementsAre("/data/page/url: required"));
  EXPECT_THAT(refusal(page_view(R"("time":null,)"), encoding::json, keep),
              ElementsAre("/time: null is refused: leave the member out"));
}

TEST(unknown_members, of_an_event_whose_type_is_unknown_are_still_found) {
  EXPECT_THAT(
      refusal(R"({"id":"1","source":"s","type":"x","data":{"pages":{},"order":{"totl":"1"},"cart":{}}})"),
      ElementsAre(testing::StartsWith("/type: unknown event type"),
                  "/data/pages: unknown member, did you mean \"page\"?",
                  "/data/order/totl: unknown member, did you mean \"total\"?", "/data/order/id: required",
                  "/data/cart/id: required"));
}

TEST(refs, are_held_to_the_vocabulary_where_there_is_one) {
  options strict;
  strict.refs = {{"rokt", {"session_id", "merchant_id"}}, {"elevate", {"ticket"}}};
  const auto body = cancelled_order(R"(,"refs":{"rokt":{"session_id":"s"},"elevate":{"ticket":"t"}})");
  EXPECT_EQ(one(body, strict).data.order->refs.size(), 2u);
  EXPECT_THAT(refusal(cancelled_order(R"(,"refs":{"rokt":{"sesion_id":"s"},"elevat":{},"google":{"x":"y"}})"),
                      encoding::json, strict),
              ElementsAre("/data/order/refs/rokt/sesion_id: unknown member, did you mean \"session_id\"?",
                          "/data/order/refs/elevat: unknown member, did you mean \"elevate\"?",
                          "/data/order/refs/google: unknown member"));
  EXPECT_EQ(one(cancelled_order(R"(,"refs":{"google":{"x":"y"}})")).ref("google", "x"), "y");
}

const options lenient{options::unknown_members::keep, {{"rokt", {"session_id"}}}};

TEST(refs, that_nobody_knows_are_kept_as_they_are) {
  EXPECT_EQ(one(cancelled_order(R"(,"refs":{"google":{"x":"y"}})"), lenient).ref("google", "x"), "y");
  for (const char* kept :
       {R"({"google":{"x":5,"y":{"z":[1,null]}}})", R"({"google":5})", R"({"google":null})",
        R"({"google":["x"]})", R"({"":{"":"x"}})", R"({"rokt":{"colour":5}})"}) {
    const auto event = one(cancelled_order(std::string(",\"refs\":") + kept), lenient);
    EXPECT_THAT(std::string(event.json), testing::HasSubstr(kept));
    const auto again = decode(encode(event));
    ASSERT_TRUE(again) << kept << ": " << again.error().message();
    EXPECT_EQ(again->json, event.json);
    EXPECT_EQ(digest(*again), digest(event));
  }
}

TEST(refs, that_are_known_are_checked_also_where_others_are_kept) {
  const auto told = [](std::string_view refs) {
    return refusal(cancelled_order(",\"refs\":" + std::string(refs)), encoding::json, lenient);
  };
  EXPECT_THAT(told(R"({"rokt":{"session_id":5},"google":{"x":5}})"),
              ElementsAre("/data/order/refs/rokt/session_id: expected a string, got a number"));
  EXPECT_THAT(told(R"({"rokt":5})"), ElementsAre("/data/order/refs/rokt: expected an object, got a number"));
  EXPECT_THAT(told(R"({"google":{"x":{"y":"\u0007"}}})"),
              ElementsAre("/data/order/refs/google/x/y: holds a control character"));
}

TEST(refs, are_found_among_what_was_kept_when_they_are_read_back) {
  const auto event = one(
      cancelled_order(R"(,"refs":{"google":{"x":5},"rokt":{"colour":["red"],"session_id":"s"}})"), lenient);
  EXPECT_EQ(event.ref("rokt", "session_id"), "s");
  EXPECT_EQ(decode(encode(event))->ref("rokt", "session_id"), "s");
}

}  // namespace
}  // namespace cartrelay::event
