#include "event/fault.hpp"

#include "event/document.hpp"
#include "tests/unit/event/samples.hpp"

#include <gmock/gmock.h>

namespace cartrelay::event {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Le;

std::string step(std::string_view name) {
  std::string pointer;
  append_step(pointer, name);
  return pointer;
}

std::string times(std::size_t count, std::string_view piece) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += piece;
  return out;
}

std::size_t bytes_of(const std::vector<std::string>& faults) {
  std::size_t sum = 0;
  for (const auto& each : faults)
    sum += each.size();
  return sum;
}

/// A fault of each pair, below a name as long as the body may be.
const std::string below_a_long_name = "{\"" + std::string(1'000'000, 'A') + "\":";

TEST(fault, a_step_is_escaped) {
  EXPECT_EQ(step("b~c/d"), "/b~0c~1d");
}

TEST(fault, a_step_is_cut_behind_512_characters) {
  EXPECT_EQ(step(times(512, "ж")), "/" + times(512, "ж"));
  EXPECT_EQ(step(times(513, "ж")), "/" + times(512, "ж") + "…");
  EXPECT_EQ(step(times(600, "a")), "/" + times(512, "a") + "…");
  EXPECT_EQ(step(times(513, "~")), "/" + times(512, "~0") + "…");
  EXPECT_EQ(step(times(511, "a") + "😀b"), "/" + times(511, "a") + "😀…");
}

TEST(fault, lists_take_a_hundred) {
  fault_list list;
  EXPECT_TRUE(list.empty());
  for (int i = 0; i < 150; ++i)
    list.add({"/x", "is wrong", {}});
  EXPECT_EQ(list.all().size(), max_faults);
}

TEST(fault, lists_take_so_many_bytes_and_always_the_first) {
  fault_list list;
  list.add({std::string(max_fault_bytes, 'x'), "is wrong", {}});
  EXPECT_TRUE(list.full());
  list.add({"/x", "is wrong", {}});
  EXPECT_EQ(list.all().size(), 1u);
}

TEST(fault, duplicates_below_a_long_name_cost_little) {
  const auto found = refusal(below_a_long_name + "{\"k\":1" + times(110, ",\"k0\":1,\"k1\":1") + "}}");
  EXPECT_THAT(found, ElementsAre(EndsWith("A…/k0: duplicate member"), EndsWith("A…/k1: duplicate member"),
                                 HasSubstr("A…: unknown member"), "/id: required", "/source: required",
                                 "/type: required", "/data: required"));
  EXPECT_LE(bytes_of(found), 2'000u);
}

TEST(fault, long_names_everywhere_are_told_in_bounds) {
  std::string nested, end;
  for (std::size_t level = 1; level < document::max_depth; ++level) {
    nested += "{\"" + times(512, "ж") + "\":";
    end += '}';
  }
  nested += "{" + times(50, "\"x\":1,\"x\":1,") + "\"y\":[" + times(200, "1e999,") + "0]}" + end;
  EXPECT_THAT(bytes_of(refusal(nested)), Le(2 * max_fault_bytes));
  EXPECT_THAT(bytes_of(refusal(times(40, nested + "\n"), encoding::ndjson)), Le(2 * max_fault_bytes));
}

TEST(fault, members_that_are_kept_are_told_in_bounds) {
  const options keep{options::unknown_members::keep, {}};
  const auto body = R"({"id":"1","source":"s","type":"page.viewed","data":{"page":{"url":"/"},"x":)" +
                    below_a_long_name + "[\"\\u0000\"" + times(200, ",\"\\u0000\"") + "]}}}";
  const auto found = refusal(body, encoding::json, keep);
  EXPECT_EQ(found.size(), max_faults);
  EXPECT_THAT(bytes_of(found), Le(max_fault_bytes));
}

}  // namespace
}  // namespace cartrelay::event
