#include "dispatch/preview.hpp"

#include "destinations/registry.hpp"
#include "dispatch/account_mark.hpp"
#include "event/parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const base::timestamp now = base::parse_rfc3339("2026-11-21T10:00:00Z").value();

event::event_ptr parsed(std::string_view json) {
  auto out = event::parse_body(json, event::encoding::json, 1, now, {});
  return std::make_shared<const event::event>(std::move(out.value().front()));
}

route destination(const std::string& kind_name) {
  const auto* kind = destinations::find_kind(kind_name);
  route out;
  out.options = kind->defaults;
  out.options.name = "my-" + kind_name;
  out.options.kind = kind_name;
  out.options.enabled = true;
  out.options.secret = base::secret("not to be shown");
  for (const auto& setting : kind->settings)
    out.options.own.emplace(std::string(setting.name), setting.fallback);
  return out;
}

routing_table table(std::vector<route> routes) {
  return std::make_shared<std::vector<route>>(std::move(routes));
}

constexpr std::string_view paid =
    R"({"id":"1","source":"shop/bg","type":"order.paid","data":{"customer":{"email":"a@b.bg"},)"
    R"("order":{"id":"77","currency":"EUR","total":"10.50","items":[{"product_id":"p","unit_price":"10.50"}]}}})";

TEST(preview, shows_the_very_requests_without_secrets) {
  const auto shown =
      preview_event(parsed(paid), table({destination("releva"), destination("esputnik")}), {}, now);
  ASSERT_THAT(shown, SizeIs(2));
  EXPECT_EQ(shown[0].destination, "my-releva");
  EXPECT_EQ(shown[0].verdict, "send");
  ASSERT_THAT(shown[0].requests, SizeIs(1));
  EXPECT_EQ(shown[0].requests[0].method, "POST");
  EXPECT_THAT(shown[0].requests[0].body, HasSubstr("\"orderId\":\"77\""));
  EXPECT_EQ(shown[0].requests[0].headers.find("Authorization"), "***");
  EXPECT_THAT(shown[1].requests, SizeIs(2)) << "the contact is imported first";
  for (const auto& one : shown)
    for (const auto& request : one.requests) {
      EXPECT_THAT(request.body, Not(HasSubstr("not to be shown")));
      for (const auto& [name, value] : request.headers)
        EXPECT_THAT(value, Not(HasSubstr("not to be shown")));
    }
}

TEST(preview, begins_with_what_is_known) {
  const auto where = table({destination("esputnik")});
  const auto key =
      destinations::find_kind("esputnik")->make(where->front().options).value()->memory_keys(*parsed(paid));
  ASSERT_THAT(key, SizeIs(1));
  const auto known = account_mark(where->front().options) + ":1";
  const auto shown = preview_event(parsed(paid), where, {{"my-esputnik", {{key[0], known}}}}, now);
  EXPECT_THAT(shown[0].requests, SizeIs(1)) << "the contact is there";
  const auto of_another = preview_event(parsed(paid), where, {{"esputnik", {{key[0], known}}}}, now);
  EXPECT_THAT(of_another[0].requests, SizeIs(2));
  const auto at_another =
      preview_event(parsed(paid), where, {{"my-esputnik", {{key[0], "0badcafe:1"}}}}, now);
  EXPECT_THAT(at_another[0].requests, SizeIs(2)) << "at another account";
}

TEST(preview, says_why_nothing_would_be_sent) {
  const auto nobody = parsed(
      R"({"id":"1","source":"shop/bg","type":"order.paid","data":{"order":{"id":"77","currency":"EUR","total":"1","items":[]}}})");
  const auto shown = preview_event(nobody, table({destination("releva")}), {}, now);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].verdict, "unmappable");
  EXPECT_THAT(shown[0].reason, Not(IsEmpty()));
  EXPECT_THAT(shown[0].requests, IsEmpty());
}

TEST(preview, leaves_out_who_would_not_get_it) {
  const auto view =
      parsed(R"({"id":"1","source":"s","type":"page.viewed","data":{"page":{"url":"https://x.bg/"}}})");
  EXPECT_THAT(preview_event(view, table({destination("releva")}), {}, now), IsEmpty());
}

}  // namespace
}  // namespace cartrelay::dispatch
