#include "daemon/client/list_pages.hpp"

#include <gtest/gtest.h>

namespace cartrelay::daemon::testing {
namespace {

std::string both(std::string first, std::string_view second) {
  return append_page(first, second) ? first : "no pages";
}

TEST(append_page, puts_the_entries_behind_one_another_and_takes_the_later_cursor) {
  EXPECT_EQ(
      both(R"({"events":[{"a":1.50}],"next_cursor":"7"})", R"({"events":[{"b":[2]}],"next_cursor":"3"})"),
      R"({"events":[{"a":1.50},{"b":[2]}],"next_cursor":"3"})");
}

TEST(append_page, knows_pages_with_nothing_in_them) {
  const std::string none = R"({"events":[],"next_cursor":null})", one = R"({"events":[1],"next_cursor":"7"})";
  EXPECT_EQ(both(none, none), none);
  EXPECT_EQ(both(none, one), one);
  EXPECT_EQ(both(one, none), R"({"events":[1],"next_cursor":null})");
}

TEST(append_page, is_not_misled_by_what_an_event_says) {
  const std::string sly = R"({"events":["],\"next_cursor\":"],"next_cursor":"7"})";
  EXPECT_EQ(both(sly, sly), R"({"events":["],\"next_cursor\":","],\"next_cursor\":"],"next_cursor":"7"})");
}

TEST(append_page, refuses_what_is_no_page) {
  EXPECT_EQ(both("{}", R"({"events":[],"next_cursor":null})"), "no pages");
  EXPECT_EQ(both(R"({"events":[],"next_cursor":null})", "[]"), "no pages");
}

}  // namespace
}  // namespace cartrelay::daemon::testing
