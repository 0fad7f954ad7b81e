#include "base/time.hpp"

#include <gtest/gtest.h>

namespace cartrelay::base {
namespace {

using namespace std::chrono_literals;

std::string utc(std::string_view text) {
  const auto at = parse_rfc3339(text);
  return at ? format_rfc3339_millis(*at) : "refused";
}

TEST(rfc3339, knows_offsets) {
  EXPECT_EQ(utc("2026-03-15T14:22:00+02:00"), "2026-03-15T12:22:00.000Z");
  EXPECT_EQ(utc("2026-03-15T14:22:00-00:30"), "2026-03-15T14:52:00.000Z");
  EXPECT_EQ(utc("2026-03-15t14:22:00z"), "2026-03-15T14:22:00.000Z");
  EXPECT_EQ(utc("2026-01-01T00:00:00+01:00"), "2025-12-31T23:00:00.000Z");
}

TEST(rfc3339, keeps_microseconds) {
  EXPECT_EQ(to_micros(*parse_rfc3339("1970-01-01T00:00:00.000001Z")), 1);
  EXPECT_EQ(to_micros(*parse_rfc3339("1970-01-01T00:00:00.5Z")), 500'000);
  EXPECT_EQ(to_micros(*parse_rfc3339("1970-01-01T00:00:00.1234569Z")), 123'456);
  EXPECT_EQ(to_micros(*parse_rfc3339("1969-12-31T23:59:59.999999Z")), -1);
}

TEST(rfc3339, knows_the_calendar) {
  EXPECT_EQ(utc("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(utc("2026-12-31T23:59:60Z"), "2027-01-01T00:00:00.000Z");  // a leap second
  for (const char* text : {"2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:61Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60"})
    EXPECT_EQ(utc(text), "refused") << text;
}

TEST(rfc3339, has_four_digit_years_in_utc_too) {
  EXPECT_EQ(utc("9999-12-31T23:59:59.999999Z"), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(utc("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00.000Z");
  for (const char* text : {"9999-12-31T23:30:00-01:00", "9999-12-31T23:59:60Z", "0000-01-01T00:30:00+01:00"})
    EXPECT_EQ(utc(text), "refused") << text;
}

TEST(rfc3339, refuses_other_forms) {
  for (const char* text :
       {"", "2026-03-15", "2026-03-15T14:22:00", "2026-03-15 14:22:00Z", "2026-03-15T14:22Z",
        "2026-03-15T14:22:00+0200", "2026-03-15T14:22:00.Z", "2026-03-15T14:22:00Z ", " 2026-03-15T14:22:00Z",
        "26-03-15T14:22:00Z", "2026-3-15T14:22:00Z", "yesterday"})
    EXPECT_EQ(utc(text), "refused") << text;
}

TEST(rfc3339, writes_what_it_reads) {
  const auto at = from_micros(1'773'577'320'123'000);
  EXPECT_EQ(parse_rfc3339(format_rfc3339_millis(at)), at);
}

TEST(rfc3339, says_microseconds_where_they_are_asked_for) {
  EXPECT_EQ(format_rfc3339_micros(timestamp(std::chrono::microseconds(1'700'000'000'000'042))),
            "2023-11-14T22:13:20.000042Z");
}

TEST(http_date, reads_all_three_forms) {
  const auto at = parse_rfc3339("1994-11-06T08:49:37Z");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), at);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), at);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), at);
  EXPECT_EQ(format_http_date(*at), "Sun, 06 Nov 1994 08:49:37 GMT");
  for (const char* text : {"", "120", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT x", "soon"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

TEST(duration, reads_units_and_sums) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("0s"), 0ms);
  for (const char* text : {"", "5", "-5s", "5 s", "s", "1.5h", "5S", "1h30", "99999999999999999999s", "4000d",
                           "9223372036854775807d"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(duration, writes_the_largest_whole_unit) {
  EXPECT_EQ(format_duration(90min), "90m");
  EXPECT_EQ(format_duration(168h), "7d");
  EXPECT_EQ(format_duration(1500ms), "1500ms");
  EXPECT_EQ(format_duration(0ms), "0s");
}

}  // namespace
}  // namespace cartrelay::base
