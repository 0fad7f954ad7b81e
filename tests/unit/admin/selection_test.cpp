#include "admin/selection.hpp"

#include "admin/dead_letter_id.hpp"
#include "event/fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

using queue::dead_letter_key;
using ::testing::ElementsAre;

const ingest::destination_names names{{1, "releva"}, {2, "releva-2"}};

/// `pointer: detail` of each fault.
std::vector<std::string> refused(std::string_view body) {
  std::vector<std::string> out;
  for (const auto& fault : parse_selection(body, names).faults)
    out.push_back(fault.pointer + ": " + fault.detail);
  return out;
}

TEST(dead_letter_id, is_the_name_and_the_sequence) {
  EXPECT_EQ(format_dead_letter_id({2, 17}, names), "releva-2-17");
  EXPECT_EQ(parse_dead_letter_id("releva-2-17", names), (dead_letter_key{2, 17}));
  EXPECT_EQ(parse_dead_letter_id("releva-17", names), (dead_letter_key{1, 17}));
  // The name with a number at its end, not the name with another number behind it.
  EXPECT_EQ(parse_dead_letter_id("releva-2", names), (dead_letter_key{1, 2}));
}

TEST(dead_letter_id, what_is_none) {
  for (const char* text :
       {"", "-", "releva", "releva-", "releva-0", "releva-01", "releva-x", "releva-1x", "releva--1", "-17",
        "other-17", "releva-99999999999999999999", "Releva-17", " releva-17"})
    EXPECT_FALSE(parse_dead_letter_id(text, names)) << text;
}

TEST(selection, by_ids) {
  const auto read = parse_selection(R"({"ids":["releva-3","releva-2-4","releva-3"]})", names);
  EXPECT_TRUE(read.faults.empty());
  EXPECT_THAT(read.which.keys,
              ElementsAre(dead_letter_key{1, 3}, dead_letter_key{2, 4}, dead_letter_key{1, 3}));
}

TEST(selection, by_destination) {
  const auto all = parse_selection(R"({"destination":"releva-2"})", names);
  EXPECT_TRUE(all.faults.empty());
  EXPECT_TRUE(all.which.keys.empty());
  EXPECT_EQ(all.which.matching.destination, 2);
  EXPECT_FALSE(all.which.matching.reason);
  const auto some = parse_selection(
      R"({"before":"2026-11-21T10:00:00+00:00","reason":"rejected","destination":"releva"})", names);
  EXPECT_TRUE(some.faults.empty());
  EXPECT_EQ(some.which.matching.destination, 1);
  EXPECT_EQ(some.which.matching.reason, "rejected");
  EXPECT_EQ(some.which.matching.before, base::parse_rfc3339("2026-11-21T10:00:00Z"));
}

TEST(selection, everything_is_never_meant_by_accident) {
  EXPECT_THAT(refused("{}"),
              ElementsAre("/destination: required, unless ids say which dead letters are meant"));
  EXPECT_THAT(refused(R"({"ids":[]})"), ElementsAre("/ids: expected an array of at least one id"));
  EXPECT_THAT(refused(R"({"reason":"rejected"})"),
              ElementsAre("/destination: required, unless ids say which dead letters are meant"));
}

TEST(selection, one_way_or_the_other) {
  EXPECT_THAT(refused(R"({"ids":["releva-1"],"destination":"releva"})"),
              ElementsAre("/ids: stands alone: ids, or destination with reason and before"));
  EXPECT_THAT(refused(R"({"ids":["releva-1"],"before":"2026-11-21T10:00:00Z"})"),
              ElementsAre("/ids: stands alone: ids, or destination with reason and before"));
}

TEST(selection, each_bad_id_is_pointed_at) {
  EXPECT_THAT(refused(R"({"ids":["releva-1","x",7,"other-1"]})"),
              ElementsAre("/ids/1: expected an id as the list shows it, such as \"releva-1042\"",
                          "/ids/2: expected an id as the list shows it, such as \"releva-1042\"",
                          "/ids/3: expected an id as the list shows it, such as \"releva-1042\""));
  EXPECT_THAT(refused(R"({"ids":"releva-1"})"), ElementsAre("/ids: expected an array of at least one id"));
}

TEST(selection, at_most_a_thousand_ids) {
  std::string list;
  for (int i = 1; i <= 1000; ++i)
    list += (i == 1 ? "\"releva-" : ",\"releva-") + std::to_string(i) + "\"";
  EXPECT_EQ(parse_selection("{\"ids\":[" + list + "]}", names).which.keys.size(), 1000u);
  EXPECT_THAT(refused("{\"ids\":[" + list + ",\"releva-1\"]}"),
              ElementsAre("/ids: at most 1000 ids at once"));
}

TEST(selection, members_are_judged_one_by_one) {
  EXPECT_THAT(refused(R"({"destination":"relva","resaon":"x","before":"now"})"),
              ElementsAre("/destination: \"relva\" is unknown, did you mean \"releva\"?",
                          "/resaon: \"resaon\" is unknown, did you mean \"reason\"?",
                          "/before: expected a date and time with offset, such as 2026-11-21T10:00:00Z"));
  EXPECT_THAT(refused(R"({"destination":7})"),
              ElementsAre("/destination: expected a string that is not empty"));
  EXPECT_THAT(refused(R"({"destination":"releva","reason":""})"),
              ElementsAre("/reason: expected a string that is not empty"));
  EXPECT_THAT(refused(R"({"destination":"releva","reason":null})"),
              ElementsAre("/reason: expected a string that is not empty"));
}

TEST(selection, pointers_are_escaped_and_whole) {
  EXPECT_THAT(refused(R"({"destination":"releva","a/b~c":1})"),
              ElementsAre(::testing::StartsWith("/a~1b~0c: ")));
  EXPECT_THAT(refused(R"([7,{"a":1,"a":2}])"), ElementsAre("/1/a: duplicate member"));
}

TEST(selection, a_small_body_asks_for_no_large_answer) {
  std::string ids = "0", members = "\"destination\":\"releva\"";
  for (int i = 0; i < 999; ++i) {
    ids += ",0";
    members += ",\"" + std::string(1000, 'm') + std::to_string(i) + "\":0";
  }
  EXPECT_EQ(refused("{\"ids\":[" + ids + "]}").size(), event::max_faults);
  std::size_t bytes = 0;
  for (const auto& fault : refused("{" + members + "}"))
    bytes += fault.size();
  EXPECT_LT(bytes, event::max_fault_bytes + 2048);
}

TEST(selection, what_is_no_object) {
  EXPECT_THAT(refused("[]"), ElementsAre(": expected an object"));
  EXPECT_THAT(refused("7"), ElementsAre(": expected an object"));
  for (const char* body : {"", "{", "{\"destination\":\"releva\",\"destination\":\"releva-2\"}", "\xff"})
    EXPECT_EQ(refused(body).size(), 1u) << body;
}

}  // namespace
}  // namespace cartrelay::admin::testing
