#include "tests/unit/sandbox/support.hpp"

#include <gmock/gmock.h>

namespace cartrelay::sandbox {
namespace {

using testing::HasSubstr;

const std::string sample =
    R"({"carts":[{"email":"","phoneNumber":"+359123","orderId":"orderId1","cartPaid":true,
"products":[{"id":"1","price":10,"currency":"BGN","quantity":2,
"custom":{"string":[{"key":"color","values":["red"]}],"numeric":[{"key":"size","values":[18]}]}}],
"custom":{"string":[{"key":"city","values":["San Francisco"]}],"numeric":[{"key":"rewardPoints","values":[18]}]},
"timestamp":"2026-11-21T10:00:00.000Z"}]})";

struct releva_test : testing::Test {
  counter_desk releva{"releva", {{"Content-Type", "application/json"}, {"Authorization", "Bearer key"}}};
  std::vector<std::string> path{"api", "v0", "carts"};

  answer post(const std::string& body) { return releva.send("POST", path, body); }
};

TEST_F(releva_test, takes_the_documented_sample) {
  const auto got = post(sample);
  EXPECT_EQ(got.response.status, 202);
  EXPECT_EQ(got.response.body, "{}");
  EXPECT_EQ(at(state_of(*releva.desk), {"orders", "orderId1", "cart", "phoneNumber"}).text, "+359123");
}

struct releva_breach_test : releva_test, testing::WithParamInterface<breach> {};

TEST_P(releva_breach_test, is_refused) {
  const auto got = post(with(sample, GetParam().from, GetParam().to));
  EXPECT_EQ(got.response.status, 400);
  const auto body = parse_document(got.response.body);
  ASSERT_TRUE(body) << got.response.body;
  EXPECT_THAT(std::string(body->text_of("message")), HasSubstr(std::string(GetParam().culprit)));
  EXPECT_TRUE(at(state_of(*releva.desk), {"orders"}).members.empty());
}

INSTANTIATE_TEST_SUITE_P(
    each, releva_breach_test,
    testing::Values(breach{R"("+359123")", R"("359123")", "carts[0].phoneNumber"},
                    breach{R"("phoneNumber":"+359123",)", "", "needs an email"},
                    breach{R"("email":"")", R"("email":"ana")", "carts[0].email"},
                    breach{R"("orderId":"orderId1",)", "", "carts[0].orderId is missing"},
                    breach{R"("orderId1")", "17", "carts[0].orderId"},
                    breach{R"("cartPaid":true)", R"("cartPaid":"true")", "carts[0].cartPaid"},
                    breach{R"("cartPaid":true)", R"("cartPaid":false)", "orderId must not be set"},
                    breach{R"("id":"1")", R"("id":1)", "products[0].id"},
                    breach{R"("price":10)", R"("price":"10")", "products[0].price must be a number"},
                    breach{R"("price":10)", R"("price":1E1)", "products[0].price"},
                    breach{R"("price":10)", R"("price":-10)", "products[0].price"},
                    breach{R"("quantity":2)", R"("quantity":2.0)", "products[0].quantity"},
                    breach{R"("quantity":2)", R"("quantity":0)", "products[0].quantity"},
                    breach{R"("currency":"BGN",)", "", "products[0].currency is missing"},
                    breach{R"("BGN")", R"("bgn")", "products[0].currency"},
                    breach{R"(["red"])", "[true]", "custom.string[0].values[0]"},
                    breach{R"([18])", "[\"18\"]", "custom.numeric[0].values[0]"},
                    breach{R"([18])", "[1.8e1]", "custom.numeric[0].values[0]"},
                    breach{R"("numeric")", R"("boolean")", "custom.boolean is not known"},
                    breach{"10:00:00.000Z", "10:00:00Z", "carts[0].timestamp"},
                    breach{"2026-11-21T", "2026-11-31T", "carts[0].timestamp"},
                    breach{R"("timestamp")", R"("time")", "carts[0].time is not known"},
                    breach{R"({"carts":)", R"({"dry":1,"carts":)", "dry is not known"},
                    breach{"]}]}", "]}]", "not valid JSON"}));

TEST_F(releva_test, wants_its_method_path_type_and_credential) {
  EXPECT_EQ(releva.send("PUT", path, sample).response.status, 405);
  EXPECT_EQ(releva.send("PUT", path, sample).response.headers.find("allow"), "POST");
  EXPECT_EQ(releva.send("POST", {"api", "v0"}, sample).response.status, 404);
  const auto status = [&](std::string_view name, const std::string& text) {
    return releva.call_with("POST", path, sample, releva.changed(name, text)).response.status;
  };
  EXPECT_EQ(status("Content-Type", "text/plain"), 415);
  EXPECT_EQ(status("Content-Type", ""), 415);
  EXPECT_EQ(status("Content-Type", "application/json; charset=latin1"), 415);
  EXPECT_EQ(status("Content-Type", "application/json; charset=utf-8"), 202);
  EXPECT_EQ(status("Authorization", ""), 401);
  EXPECT_EQ(status("Authorization", "Basic key"), 401);
  EXPECT_EQ(status("Authorization", "Bearer "), 401);
  releva.settings.secret = "another";
  EXPECT_EQ(status("Authorization", "Bearer key"), 401);
  EXPECT_EQ(status("Authorization", "Bearer another"), 202);
}

TEST_F(releva_test, takes_all_carts_or_none) {
  const std::string two =
      with(sample, R"({"carts":[)", R"({"carts":[{"email":"a@b.c","cartPaid":false,"products":[]},)");
  EXPECT_EQ(post(with(two, R"("+359123")", R"("x")")).response.status, 400);
  EXPECT_EQ(counters_of(*releva.desk),
            R"({"carts":0,"paid":0,"unpaid":0,"repeated_orders":0,"forgotten":0})");
  EXPECT_EQ(post(two).response.status, 202);
  EXPECT_EQ(post(two).response.status, 202);
  EXPECT_EQ(counters_of(*releva.desk),
            R"({"carts":4,"paid":2,"unpaid":2,"repeated_orders":1,"forgotten":0})");
  EXPECT_EQ(at(state_of(*releva.desk), {"orders", "orderId1", "times"}).text, "2");
  EXPECT_EQ(at(state_of(*releva.desk), {"unpaid", "a@b.c", "times"}).text, "2");
}

TEST_F(releva_test, half_a_batch_is_its_first_half) {
  releva.only_half = true;
  const std::string two =
      with(sample, R"({"carts":[)", R"({"carts":[{"email":"a@b.c","cartPaid":false,"products":[]},)");
  EXPECT_EQ(post(two).response.status, 202);
  EXPECT_EQ(counters_of(*releva.desk),
            R"({"carts":1,"paid":0,"unpaid":1,"repeated_orders":0,"forgotten":0})");
}

}  // namespace
}  // namespace cartrelay::sandbox
