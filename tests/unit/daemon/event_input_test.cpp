#include "daemon/client/event_input.hpp"

#include <gmock/gmock.h>

namespace cartrelay::daemon::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view ndjson = "application/x-ndjson";

TEST(event_input, one_document_goes_as_it_is) {
  for (const char* text : {"{}", "[{},\n{}]\n", "{\n\"a\": 1\n}"})
    EXPECT_THAT(split_events(text, 1), ElementsAre(portion{text, "application/json"}));
}

TEST(event_input, a_document_with_a_slip_goes_as_it_is_too) {
  for (const char* text : {"{\n\"a\" 1\n}", "[{},\n{}\n", "{\"a\":\n", "\xef\xbb\xbf{}\n{}\n"})
    EXPECT_THAT(split_events(text, 1), ElementsAre(portion{text, "application/json"}));
}

TEST(event_input, a_slip_in_the_first_line_does_not_make_one_document_of_all) {
  EXPECT_THAT(split_events("{\"a\" 1} \n{}\n", 2), ElementsAre(portion{"{\"a\" 1} \n{}\n", ndjson, {1, 2}}));
}

TEST(event_input, lines_go_in_portions_that_know_their_lines) {
  EXPECT_THAT(split_events("{}\n{}\n{}", 2),
              ElementsAre(portion{"{}\n{}\n", ndjson, {1, 2}}, portion{"{}\n", ndjson, {3}}));
}

TEST(event_input, blank_lines_make_no_portion_and_are_counted) {
  EXPECT_THAT(split_events("{}\n{}\n\n", 2), ElementsAre(portion{"{}\n{}\n", ndjson, {1, 2}}));
  EXPECT_THAT(split_events("\n{}\n \t\r\n{}\n\n{}\n\n", 2),
              ElementsAre(portion{"{}\n{}\n", ndjson, {2, 4}}, portion{"{}\n", ndjson, {6}}));
}

TEST(event_input, no_portion_is_larger_than_a_daemon_takes) {
  EXPECT_THAT(split_events("[1]\n[2]\n[3]\n[45678]\n[9]\n", 500, 8),
              ElementsAre(portion{"[1]\n[2]\n", ndjson, {1, 2}}, portion{"[3]\n", ndjson, {3}},
                          portion{"[45678]\n", ndjson, {4}}, portion{"[9]\n", ndjson, {5}}));
}

TEST(event_input, is_said_not_to_be_stored_only_where_that_is_known) {
  const portion lines{"", ndjson, {3, 4, 6}}, document{"", "application/json"};
  EXPECT_EQ(fate_of(lines, true), "nothing from line 3 on was stored");
  EXPECT_EQ(fate_of(document, true), "nothing of it was stored");
  EXPECT_THAT(fate_of(lines, false), HasSubstr("lines 3 to 6 were stored is not known"));
  EXPECT_THAT(fate_of(lines, false), HasSubstr("again is safe"));
  EXPECT_THAT(fate_of(document, false), HasSubstr("is not known"));
  EXPECT_THAT(fate_of(document, false), Not(HasSubstr("nothing")));
}

TEST(event_input, that_cannot_be_read_says_why) {
  EXPECT_EQ(read_event_input("/nowhere/a.json").error().message(),
            "cannot read /nowhere/a.json: No such file or directory");
  EXPECT_EQ(read_event_input("/").error().message(), "cannot read /: it is a folder");
  EXPECT_EQ(read_event_input("/dev/null").error().message(), "there is no event in /dev/null");
}

}  // namespace
}  // namespace cartrelay::daemon::testing
