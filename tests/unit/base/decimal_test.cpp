#include "base/decimal.hpp"

#include <gtest/gtest.h>

namespace cartrelay::base {
namespace {

TEST(decimal, keeps_the_digits_as_written) {
  for (const char* text : {"0", "7", "10.50", "10.5", "0.0001", "134.95", "999999999999.9999", "0.00"}) {
    const auto value = decimal::parse(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(value->text(), text);
  }
}

TEST(decimal, counts_in_ten_thousandths) {
  EXPECT_EQ(decimal::parse("134.95")->ten_thousandths(), 1'349'500);
  EXPECT_EQ(decimal::parse("0.0001")->ten_thousandths(), 1);
  EXPECT_EQ(decimal::parse("999999999999.9999")->ten_thousandths(), 9'999'999'999'999'999);
}

TEST(decimal, compares_by_value) {
  EXPECT_EQ(decimal::parse("10.5"), decimal::parse("10.50"));
  EXPECT_LT(*decimal::parse("10.49"), *decimal::parse("10.5"));
  EXPECT_GT(*decimal::parse("100"), *decimal::parse("99.9999"));
  EXPECT_EQ(decimal(), *decimal::parse("0"));
}

TEST(decimal, refuses_what_is_not_plain_money) {
  for (const char* text : {"",      "-1",  "-0",       "+1", "1.",   ".5",      "1e2",           "1E2",
                           "1,5",   " 1",  "1 ",       "01", "00.5", "1.23456", "1234567890123", "0x10",
                           "1.2.3", "NaN", "Infinity", "١"})
    EXPECT_FALSE(decimal::parse(text)) << text;
}

}  // namespace
}  // namespace cartrelay::base
