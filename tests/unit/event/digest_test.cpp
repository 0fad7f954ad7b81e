#include "base/digest.hpp"

#include "event/stored.hpp"
#include "tests/unit/event/samples.hpp"

#include <gtest/gtest.h>

namespace cartrelay::event {
namespace {

using namespace samples;

content_digest of(std::string_view body) {
  const auto event = one(body);
  EXPECT_TRUE(event.content);
  auto bare = event;
  bare.content.reset();
  EXPECT_EQ(digest(bare), digest(event)) << "computed from the text and on the way must agree";
  return digest(event);
}

content_digest of_attributes(std::string_view json) {
  return of(cancelled_order(R"(,"attributes":)" + std::string(json)));
}

// Queues on disk hold this.
TEST(digest, is_fixed_for_ever) {
  const auto hex = base::to_hex(of(page_view()));
  EXPECT_EQ(hex, base::to_hex(base::xxh128(R"(["page.viewed",null,{"page":{"url":"/"}}])")));
  const auto rich =
      of(R"({"data":{"order":{"total":10.50,"id":"\u0429\/","attributes":{"z":[1.0],"a":true,"b":"x\ny"}}},)"
         R"("subject":"x","type":"order.cancelled","source":"s","id":"1"})");
  const auto canonical =
      R"(["order.cancelled","x",{"order":{"attributes":{"a":true,"b":"x\ny","z":[1]},"id":"Щ/","total":10.5}}])";
  EXPECT_EQ(base::to_hex(rich), base::to_hex(base::xxh128(canonical)));
}

TEST(digest, ignores_how_a_value_is_spelt) {
  EXPECT_EQ(of_attributes(R"({"a":1,"b":"Щ"})"), of_attributes(R"({ "b" : "\u0429" , "\u0061" : 1.0 })"));
  EXPECT_EQ(of_attributes(R"({"a":100})"), of_attributes(R"({"a":1e2})"));
  EXPECT_EQ(of_attributes(R"({"a":0})"), of_attributes(R"({"a":-0.0})"));
  EXPECT_EQ(of_attributes(R"({"a":0.15})"), of_attributes(R"({"a":1.5e-1})"));
}

TEST(digest, ignores_what_does_not_belong_to_the_content) {
  const auto plain = of(page_view());
  EXPECT_EQ(of(page_view(R"("specversion":"1.0","time":"2026-03-15T14:22:00Z","foo":1,"partitionkey":"x",)")),
            plain);
  EXPECT_EQ(of(R"({"id":"2","source":"t","type":"page.viewed","data":{"page":{"url":"/"}}})"), plain);
}

TEST(digest, sees_every_difference_in_content) {
  const auto plain = of(page_view());
  EXPECT_NE(of(page_view(R"("subject":"x",)")), plain);
  EXPECT_NE(of(page_view(R"("subject":"",)")), plain);
  EXPECT_NE(of(R"({"id":"1","source":"s","type":"page.viewed","data":{"page":{"url":"/x"}}})"), plain);
  EXPECT_NE(of(R"({"id":"1","source":"s","type":"page.viewed","data":{"page":{"url":"/"},"refs":{}}})"),
            plain);
  const auto cancelled = of(cancelled_order(""));
  EXPECT_NE(of(R"({"id":"1","source":"s","type":"order.delivered","data":{"order":{"id":"1"}}})"), cancelled);
}

TEST(digest, is_not_fooled_by_structure) {
  const std::vector<std::string> different{R"({"a":1})",
                                           R"({"a":"1"})",
                                           R"({"a":[1]})",
                                           R"({"a":["1"]})",
                                           R"({"a":true})",
                                           R"({"a":"true"})",
                                           R"({"a":["x","y"]})",
                                           R"({"a":["x,y"]})",
                                           R"({"a":["x\",\"y"]})",
                                           R"({"a":["y","x"]})",
                                           R"({"a":[],"b":["x"]})",
                                           R"({"a":["x"],"b":[]})",
                                           R"({"a":9007199254740992})",
                                           R"({"a":9007199254740993})",
                                           R"({"a":-1})",
                                           R"({"a,b":1})",
                                           R"({})",
                                           R"({"a":"\\"})",
                                           R"({"a":"\\\\"})",
                                           R"({"a":""})",
                                           R"({"a":" "})"};
  for (std::size_t a = 0; a < different.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      EXPECT_NE(of_attributes(different[a]), of_attributes(different[b])) << different[a] << different[b];
}

TEST(digest, sorts_objects_of_any_size) {
  std::string up, down;
  for (int i = 100; i < 200; ++i) {
    const auto member = "\"m" + std::to_string(i) + "\":" + std::to_string(i);
    up += (up.empty() ? "" : ",") + member;
    down = member + (down.empty() ? "" : ",") + down;
  }
  EXPECT_EQ(of_attributes("{" + up + "}"), of_attributes("{" + down + "}"));
}

}  // namespace
}  // namespace cartrelay::event
