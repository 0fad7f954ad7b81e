#include "daemon/client/visible.hpp"

#include "daemon/client/member_text.hpp"
#include "daemon/client/preview_text.hpp"
#include "daemon/client/report.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

namespace cartrelay::daemon::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST(visible, spells_what_a_terminal_obeys) {
  EXPECT_EQ(visible("a\x1b[31m\x7f\r\b"), "a\\u001b[31m\\u007f\\u000d\\u0008");
  EXPECT_EQ(visible("a\u009b31m"), "a\\u009b31m");
  EXPECT_EQ(visible("paid\u202e4321"), "paid\\u202e4321");
  for (const char* mark : {"\u061c", "\u200e", "\u200f", "\u202a", "\u202c", "\u2066", "\u2069"})
    EXPECT_THAT(visible(mark), HasSubstr("\\u")) << mark;
}

TEST(visible, leaves_everything_else) {
  for (const char* text :
       {"", "line\n\tline", "Пуловер", "שלום", "\u200b\u2010\u2065\u206a", "€", "🛒", "\xc2", "\xe2\x80"})
    EXPECT_EQ(visible(text), text);
}

TEST(visible, is_whatever_a_command_prints_of_an_answer) {
  const auto id = boost::json::parse("{\"id\":\"a\u202e\",\"more\":{\"b\":\"\u2067\"}}");
  EXPECT_EQ(member_text(id, "id"), "a\\u202e");
  EXPECT_EQ(member_text(id, "more"), R"({"b":"\u2067"})");
  EXPECT_THAT(failure_text(daemon_client::answer{502, "\x1b[2J", {}, ""}), EndsWith("502: \\u001b[2J\n"));
  EXPECT_THAT(preview_text(boost::json::parse(
                  "{\"destinations\":[{\"requests\":[{\"headers\":{\"a\":\"\u202e\"}}]}]}")),
              HasSubstr("a: \\u202e\n"));
}

}  // namespace
}  // namespace cartrelay::daemon::testing
