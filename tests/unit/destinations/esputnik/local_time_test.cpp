#include "destinations/esputnik/local_time.hpp"

#include <gtest/gtest.h>

namespace cartrelay::destinations::esputnik {
namespace {

std::string in(const std::string& zone, std::string_view moment) {
  return local_time::of(zone).value().format(*base::parse_rfc3339(moment));
}

TEST(local_time, of_utc) {
  EXPECT_EQ(in("UTC", "2026-11-21T10:00:00Z"), "2026-11-21T10:00:00");
  EXPECT_EQ(in("UTC", "2026-11-21T10:00:00+02:00"), "2026-11-21T08:00:00");
}

TEST(local_time, cuts_fractions_off) {
  EXPECT_EQ(in("UTC", "2026-11-21T10:00:00.999999Z"), "2026-11-21T10:00:00");
  EXPECT_EQ(in("UTC", "1969-12-31T23:59:59.5Z"), "1969-12-31T23:59:59");
}

TEST(local_time, knows_summer_and_winter) {
  EXPECT_EQ(in("Europe/Sofia", "2026-01-15T12:00:00Z"), "2026-01-15T14:00:00");
  EXPECT_EQ(in("Europe/Sofia", "2026-07-15T12:00:00Z"), "2026-07-15T15:00:00");
}

TEST(local_time, changes_at_the_hour_that_the_zone_says) {
  EXPECT_EQ(in("Europe/Kyiv", "2026-03-29T00:59:59Z"), "2026-03-29T02:59:59");
  EXPECT_EQ(in("Europe/Kyiv", "2026-03-29T01:00:00Z"), "2026-03-29T04:00:00");
  EXPECT_EQ(in("Europe/Kyiv", "2026-10-25T00:59:59Z"), "2026-10-25T03:59:59");
  EXPECT_EQ(in("Europe/Kyiv", "2026-10-25T01:00:00Z"), "2026-10-25T03:00:00");
}

TEST(local_time, crosses_the_date_line) {
  EXPECT_EQ(in("Pacific/Kiritimati", "2026-12-31T12:00:00Z"), "2027-01-01T02:00:00");
  EXPECT_EQ(in("Asia/Kathmandu", "2026-01-01T00:00:00Z"), "2026-01-01T05:45:00");
}

TEST(local_time, has_no_word_for_years_of_five_digits) {
  EXPECT_EQ(in("Europe/Kyiv", "9999-12-31T21:00:00Z"), "9999-12-31T23:00:00");
  EXPECT_EQ(in("Europe/Kyiv", "9999-12-31T23:00:00Z"), "");
}

TEST(local_time, refuses_zones_that_the_system_does_not_know) {
  for (const auto* zone : {"", "Mars/Olympus", "../../etc/passwd", "europe/sofia", "+02:00"})
    EXPECT_FALSE(local_time::of(zone)) << zone;
}

}  // namespace
}  // namespace cartrelay::destinations::esputnik
