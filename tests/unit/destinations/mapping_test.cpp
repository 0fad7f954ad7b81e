#include "destinations/mapping.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace cartrelay::destinations {
namespace {

base::number number(std::string_view text) {
  return *base::number::parse(text);
}

TEST(attribute_text, of_each_type_of_value) {
  EXPECT_EQ(attribute_text("червен"), "червен");
  EXPECT_EQ(attribute_text(number("10.50")), "10.50");
  EXPECT_EQ(attribute_text(number("1.5e3")), "1500");
  EXPECT_EQ(attribute_text(true), "true");
  EXPECT_EQ(attribute_text(false), "false");
  EXPECT_EQ(attribute_text(std::vector<std::string_view>{"a", "b"}), "a, b");
  EXPECT_EQ(attribute_text(std::vector<base::number>{number("1"), number("2e-1")}), "1, 0.2");
  EXPECT_EQ(attribute_text(std::vector<std::string_view>{}), "");
  EXPECT_EQ(attribute_text(std::vector<std::string_view>{"", "", "L", ""}), ", , L, ");
}

TEST(quantity_text, is_plain_and_exact) {
  const std::pair<const char*, const char*> cases[] = {
      {"1", "1"},        {"2.0", "2"},
      {"1e3", "1000"},   {"0.10", "0.1"},
      {"25e-2", "0.25"}, {"12345678901234567890.123456789", "12345678901234567890.123456789"}};
  for (const auto& [written, sent] : cases) {
    event::item item;
    item.quantity = number(written);
    EXPECT_EQ(quantity_text(item), sent);
  }
}

TEST(write_optional, leaves_out_what_is_not_there_or_empty) {
  std::string json;
  base::json_writer out(json);
  out.begin_object();
  write_optional(out, "absent", {});
  write_optional(out, "empty", "");
  write_optional(out, "there", "\"син\"");
  out.end_object();
  EXPECT_EQ(json, R"({"there":"\"син\""})");
}

TEST(language_of, the_session_speaks_before_the_customer) {
  event::event what;
  EXPECT_EQ(language_of(what), std::nullopt);
  what.data.customer.emplace().language = "bg";
  EXPECT_EQ(language_of(what), "bg");
  what.data.session.emplace();
  EXPECT_EQ(language_of(what), "bg");
  what.data.session->language = "";
  EXPECT_EQ(language_of(what), "bg");
  what.data.session->language = "en-GB";
  EXPECT_EQ(language_of(what), "en-GB");
}

TEST(event_uuid, belongs_to_source_and_id_together) {
  event::event one, two;
  one.source = "shop/a";
  one.id = "b";
  two.source = "shop/";
  two.id = "ab";
  EXPECT_EQ(event_uuid(one), event_uuid(one));
  EXPECT_NE(event_uuid(one), event_uuid(two));
  EXPECT_EQ(event_uuid(one)[14], '5');
}

TEST(order_keys, of_orders_and_carts_never_meet) {
  event::order order;
  order.id = "7";
  EXPECT_EQ(order_key(order), "order:7");
  EXPECT_EQ(cart_key("7"), "cart:7");
}

TEST(unmappable, has_one_class_for_all) {
  EXPECT_EQ(unmappable("/data/customer: not there").what, screening::outcome::unmappable);
  EXPECT_EQ(unmappable("/data/customer: not there").reason, "unmappable");
  EXPECT_EQ(skip("no_ticket", "none").what, screening::outcome::skipped);
}

}  // namespace
}  // namespace cartrelay::destinations
