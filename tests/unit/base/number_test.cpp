#include "base/number.hpp"

#include <gtest/gtest.h>

namespace cartrelay::base {
namespace {

number of(std::string_view text) {
  const auto value = number::parse(text);
  EXPECT_TRUE(value) << text;
  return value.value_or(number());
}

TEST(number, keeps_its_text) {
  for (const char* text : {"0", "-0", "1.0", "19.99", "9223372036854775808", "9007199254740993", "1E+2",
                           "1e-7", "0.1234567890123456789012345678901234567"})
    EXPECT_EQ(of(text).text(), text);
  EXPECT_EQ(number().text(), "0");
}

TEST(number, refuses_what_json_refuses) {
  for (const char* text : {"", "-", "+1", "01", "-01", ".5", "1.", "1e", "1e+", "0x1", "NaN", "Infinity",
                           "1 ", " 1", "1_000", "1,5", "--1", "1e1.5"})
    EXPECT_FALSE(number::parse(text)) << text;
}

TEST(number, refuses_what_a_double_cannot_hold) {
  EXPECT_TRUE(number::parse("1e308"));
  EXPECT_FALSE(number::parse("1e309"));
  EXPECT_FALSE(number::parse("-1e400"));
  EXPECT_FALSE(number::parse("1e99999999999999999999"));
  EXPECT_TRUE(number::parse("5e-324"));
  EXPECT_FALSE(number::parse("1e-400"));
  EXPECT_FALSE(number::parse("1e-999999999"));
  EXPECT_FALSE(number::parse("1e-99999999999999999999"));
  EXPECT_FALSE(number::parse("1.5e-2147483648"));
}

TEST(number, zero_may_have_any_exponent) {
  EXPECT_EQ(of("0e999999999").canonical(), "0");
  EXPECT_EQ(of("-0.000e-999999999").canonical(), "0");
  EXPECT_EQ(of("0.0e-2147483648").plain(), "0");
  EXPECT_EQ(of("0e99999999999999999999").plain(), "0");
}

TEST(number, has_forty_characters_at_most) {
  EXPECT_TRUE(number::parse(std::string(40, '1')));
  EXPECT_FALSE(number::parse(std::string(41, '1')));
}

TEST(number, writes_itself_without_exponent) {
  EXPECT_EQ(of("1.5e3").plain(), "1500");
  EXPECT_EQ(of("1.50").plain(), "1.50");
  EXPECT_EQ(of("-12.5E-3").plain(), "-0.0125");
  EXPECT_EQ(of("1e0").plain(), "1");
  EXPECT_EQ(of("12345e-2").plain(), "123.45");
}

TEST(number, keeps_an_exponent_that_would_become_many_zeros) {
  EXPECT_EQ(of("1e63").plain(), "1" + std::string(63, '0'));
  EXPECT_EQ(of("1e64").plain(), "1e64");
  EXPECT_EQ(of("-1e63").plain(), "-1e63");
  EXPECT_EQ(of("1e-62").plain(), "0." + std::string(61, '0') + "1");
  EXPECT_EQ(of("1E-63").plain(), "1E-63");
  EXPECT_EQ(of("5e-324").plain(), "5e-324");
  EXPECT_EQ(of("123456e-3").plain(), "123.456");
  for (const char* text : {"1.5e300", "15e299", "0.15E+301", "150e298"})
    EXPECT_EQ(of(text).canonical(), "15e299") << text;
  EXPECT_EQ(of("-5.0e-324").canonical(), "-5e-324");
  EXPECT_EQ(of("1e300"), of("10e299"));
  EXPECT_NE(of("1e300"), of("1e301"));
}

TEST(number, has_one_canonical_text_per_value) {
  for (const char* text : {"1", "1.0", "10e-1", "0.1E1", "1.000"})
    EXPECT_EQ(of(text).canonical(), "1") << text;
  EXPECT_EQ(of("-0.0").canonical(), "0");
  EXPECT_EQ(of("100").canonical(), "100");
  EXPECT_EQ(of("1e2"), of("100"));
  EXPECT_NE(of("9007199254740993").canonical(), of("9007199254740992").canonical());
}

TEST(number, knows_its_sign_by_value) {
  EXPECT_TRUE(of("0.001").is_positive());
  EXPECT_FALSE(of("0.00").is_positive());
  EXPECT_FALSE(of("-1").is_positive());
}

TEST(number, multiplies_money_exactly) {
  const auto times = [](const char* price, const char* quantity) {
    return multiply(*decimal::parse(price), of(quantity));
  };
  EXPECT_EQ(times("19.99", "3"), "59.97");
  EXPECT_EQ(times("0.10", "3"), "0.3");
  EXPECT_EQ(times("50.00", "2"), "100");
  EXPECT_EQ(times("12.50", "1.5e-1"), "1.875");
  EXPECT_EQ(times("999999999999.9999", "9007199254740993"), "9007199254740992099280074525.9007");
  EXPECT_EQ(times("0", "5"), "0");
  EXPECT_EQ(times("5", "0"), "0");
}

}  // namespace
}  // namespace cartrelay::base
