#include "base/uuid.hpp"
#include "destinations/elevate/kind.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations {
namespace {

using test::answer;
using test::compact;
using test::header;
using test::make_event;
using test::run;
using testing::ElementsAre;
using testing::HasSubstr;

/// An added item; the three are members of data, of data.refs.elevate and of item.refs.elevate.
event::event_ptr added(std::string_view data_members, std::string_view visitor_refs,
                       std::string_view item_refs) {
  return make_event("cart.item_added", fmt::format(R"({{"cart":{{"id":"c-1"}},{}"refs":{{"elevate":{{{}}}}},
    "item":{{"product_id":"p","refs":{{"elevate":{{{}}}}}}}}})",
                                                   data_members, visitor_refs, item_refs));
}

const std::string_view session = R"("session":{"id":"s-1","market":"UK"},)";
const std::string_view keys = R"("customer_key":"d952-c","session_key":"b106-s")";
const std::string_view ticket = R"("ticket":"Oy9k;MTI=")";

class elevate_test : public testing::Test {
 protected:
  std::unique_ptr<destination> elevate_ = test::make_destination(test::options_of("elevate"));

  std::string body_of(const event::event_ptr& what) {
    return run(*elevate_, {{what, ""}}, {answer(204)}).requests[0].body;
  }
  judgement judged(const http::outcome& came) {
    return run(*elevate_, {{added(session, keys, ticket), ""}}, {came}).judgements[0];
  }
};

// The vendor's sample but for `id`: there it is random, here it follows from the event.
TEST_F(elevate_test, sends_the_vendors_sample) {
  const auto what = added(
      R"("session":{"market":"UK"},)",
      R"("customer_key":"d9528030-509c-4e0f-b585-7168f1e9feca","session_key":"b106299c-eac0-4f6f-96d2-93e57c255784")",
      R"("ticket":"Oy9keW5hbWljLXBhZ2VzL3N0YXJ0L2VzYWxlcy1zdGFydC0xOyM7cHJvZHVjdF9rZXk7UF8xMjUzODMtMDAxNF9VSzsjOztOT05FOk5PTkU7NjE7")");
  const auto log = run(*elevate_, {{what, ""}}, {answer(204)});
  ASSERT_EQ(log.requests.size(), 1u);
  EXPECT_EQ(log.requests[0].method, "POST");
  EXPECT_EQ(log.requests[0].target, "https://vendor.example/api/v1/notifications/adding-to-cart");
  EXPECT_EQ(header(log.requests[0], "Content-Type"), "application/json");
  EXPECT_EQ(header(log.requests[0], "Authorization"), "(none)");
  EXPECT_EQ(log.requests[0].body, compact(fmt::format(R"({{
    "market": "UK",
    "customerKey": "d9528030-509c-4e0f-b585-7168f1e9feca",
    "sessionKey": "b106299c-eac0-4f6f-96d2-93e57c255784",
    "id": "{}",
    "ticket": "Oy9keW5hbWljLXBhZ2VzL3N0YXJ0L2VzYWxlcy1zdGFydC0xOyM7cHJvZHVjdF9rZXk7UF8xMjUzODMtMDAxNF9VSzsjOztOT05FOk5PTkU7NjE7"
  }})",
                                                      base::uuid_v5(std::string("shop/bg") + '\0' + "e-1"))));
  EXPECT_THAT(log.safe_to_repeat, ElementsAre(true));
}

TEST_F(elevate_test, a_signed_in_visitor_has_a_token) {
  const auto body =
      body_of(added(session, R"("customer_key":"5G7H","session_key":"2F75","token":"EAFA")", ticket));
  EXPECT_THAT(body, HasSubstr(R"("token":"EAFA","ticket":"Oy9k;MTI=")"));
}

TEST_F(elevate_test, a_repeat_is_the_same_to_the_byte) {
  const auto what = added(session, keys, ticket);
  EXPECT_EQ(body_of(what), body_of(what));
}

TEST_F(elevate_test, the_market_falls_back_to_the_setting) {
  const auto nowhere = added("", keys, ticket);
  elevate_ =
      test::make_destination(test::options_of("elevate", {{"market", std::string("Sverige – Åland")}}));
  EXPECT_EQ(elevate_->screen(*nowhere).what, screening::outcome::send);
  EXPECT_THAT(body_of(nowhere), HasSubstr(R"("market":"Sverige – Åland")"));
  EXPECT_THAT(body_of(added(session, keys, ticket)), HasSubstr(R"("market":"UK")"));
}

TEST_F(elevate_test, the_session_key_falls_back_to_the_sessions_id) {
  const auto what = added(session, R"("customer_key":"d952-c")", ticket);
  EXPECT_THAT(body_of(what), HasSubstr(R"("sessionKey":"s-1")"));
  EXPECT_THAT(elevate_->order_keys(*what), ElementsAre("session:s-1"));
  EXPECT_THAT(elevate_->order_keys(*added(session, keys, ticket)), ElementsAre("session:b106-s"));
}

TEST_F(elevate_test, skips_what_is_not_its_business) {
  const auto reason = [&](const event::event_ptr& what) {
    const auto out = elevate_->screen(*what);
    EXPECT_EQ(out.what, screening::outcome::skipped);
    return out.reason;
  };
  EXPECT_EQ(reason(added(session, keys, "")), "no_ticket");
  EXPECT_EQ(reason(added(session, R"("session_key":"b106-s")", ticket)), "no_customer_key");
  EXPECT_EQ(reason(added("", R"("customer_key":"d952-c")", ticket)), "no_session_key");
  EXPECT_EQ(reason(make_event("page.viewed", R"({"page":{"url":"https://shop.example/"}})")),
            "unwanted_type");
  EXPECT_EQ(reason(added(R"("session":{"id":"s-1"},)", keys, ticket)), "no_market");
  EXPECT_THAT(elevate_->screen(*added("", keys, ticket)).detail,
              testing::AllOf(HasSubstr("/data/session/market"), HasSubstr("the setting `market`")));
  EXPECT_EQ(elevate_->screen(*added(session, keys, ticket)).what, screening::outcome::send);
}

TEST_F(elevate_test, order_keys_are_there_even_for_what_is_skipped) {
  EXPECT_EQ(elevate_->order_keys(*added("", "", "")).size(), 1u);
}

TEST_F(elevate_test, judges_each_documented_answer) {
  EXPECT_EQ(judged(answer(204)).what, verdict::delivered);
  EXPECT_EQ(judged(answer(400, "Ticket is missing.")).what, verdict::reject);
  EXPECT_EQ(judged(answer(500)).what, verdict::retry);
  EXPECT_EQ(judged(answer(503, "cluster busy")).detail, "503 Service Unavailable: cluster busy");
  EXPECT_EQ(judged(test::failed(http::stage::sent)).what, verdict::in_doubt);
}

TEST_F(elevate_test, a_customer_key_that_does_not_validate_is_the_events_fault) {
  const auto out = judged(answer(403, "not validated"));
  EXPECT_EQ(out.what, verdict::reject);
  EXPECT_EQ(out.reason, "rejected");
  EXPECT_EQ(judged(answer(401)).what, verdict::unauthorized);
}

TEST_F(elevate_test, cannot_be_asked_for_other_events) {
  auto given = test::options_of("elevate");
  given.events = {event::event_type::order_paid};
  EXPECT_TRUE(elevate_kind().make(given).has_error());
}

}  // namespace
}  // namespace cartrelay::destinations
