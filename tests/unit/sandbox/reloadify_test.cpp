#include "tests/unit/sandbox/support.hpp"

#include <gmock/gmock.h>

namespace cartrelay::sandbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string sample =
    R"({"shopping_cart":{"id":"cart_8f3k2m","profile_id":"prof_abc123","currency":"EUR",
"price":"134.95","recovery_url":"https://example-store.com/cart/recover/8f3k2m?token=rec_tk_a1b2c3",
"recovery_token":"rec_tk_a1b2c3","created_at":"2026-03-15T14:22:00Z","updated_at":"2026-03-15T14:35:00Z",
"custom_attributes":[{"name":"cart_source","string_value":"mobile_app"}]}})";

struct reloadify_test : testing::Test {
  counter_desk reloadify{"reloadify",
                         {{"Content-Type", "application/json"}, {"Authorization", "Bearer token"}}};

  answer put(const std::string& body) { return reloadify.send("PUT", cart_path(), body); }
  static std::vector<std::string> cart_path(std::vector<std::string> rest = {}) {
    std::vector<std::string> path{"v2", "languages", "en", "shopping_carts"};
    path.insert(path.end(), rest.begin(), rest.end());
    return path;
  }
  int status(const std::string& method, std::vector<std::string> rest) {
    return reloadify.send(method, cart_path(std::move(rest))).response.status;
  }
  value get(std::vector<std::string> rest, const std::string& query = {}) {
    const auto got = reloadify.call_with("GET", cart_path(std::move(rest)), {}, reloadify.headers, query);
    EXPECT_EQ(got.response.status, 200) << got.response.body;
    return *parse_document(got.response.body);
  }
  /// The ids of a listing.
  std::vector<std::string> list(const std::string& query) {
    std::vector<std::string> ids;
    for (const value& cart : at(get({}, query), {"data"}).elements)
      ids.emplace_back(cart.text_of("id"));
    return ids;
  }
};

TEST_F(reloadify_test, takes_the_documented_sample_and_answers_the_model) {
  const auto got = put(sample);
  EXPECT_EQ(got.response.status, 200);
  const std::string model =
      R"({"id":"cart_8f3k2m","profile_id":"prof_abc123","product_ids":[],"currency":"EUR","price":"134.95",)"
      R"("recovery_url":"https://example-store.com/cart/recover/8f3k2m?token=rec_tk_a1b2c3",)"
      R"("recovery_token":"rec_tk_a1b2c3","deleted":false,"created_at":"2026-03-15T14:22:00Z",)"
      R"("updated_at":"2026-03-15T14:35:00Z","custom_attributes":[{"name":"cart_source","string_value":"mobile_app"}]})";
  EXPECT_EQ(got.response.body, model);
  EXPECT_EQ(to_json(get({"cart_8f3k2m"})), model);
}

struct reloadify_breach_test : reloadify_test, testing::WithParamInterface<breach> {};

TEST_P(reloadify_breach_test, is_refused) {
  const auto got = put(with(sample, GetParam().from, GetParam().to));
  EXPECT_EQ(got.response.status, 422);
  const auto errors = at(*parse_document(got.response.body), {"errors"});
  ASSERT_FALSE(errors.elements.empty());
  EXPECT_THAT(errors.elements[0].text, HasSubstr(std::string(GetParam().culprit)));
  EXPECT_EQ(status("GET", {"cart_8f3k2m"}), 404);
}

INSTANTIATE_TEST_SUITE_P(
    each, reloadify_breach_test,
    testing::Values(
        breach{R"({"shopping_cart")", R"({"cart")", "shopping_cart is missing"},
        breach{R"("id":"cart_8f3k2m",)", "", "shopping_cart.id is missing"},
        breach{R"("profile_id":"prof_abc123",)", "", "shopping_cart.profile_id is missing"},
        breach{R"("prof_abc123")", "123", "shopping_cart.profile_id must be a string"},
        breach{R"("134.95")", "134.95", "shopping_cart.price must be a string"},
        breach{R"("134.95")", R"("1.3495E2")", "shopping_cart.price"},
        breach{R"("EUR")", R"("euro")", "shopping_cart.currency"},
        breach{R"("https://example)", R"("example)", "shopping_cart.recovery_url"},
        breach{"2026-03-15T14:22:00Z", "2026-03-15 14:22:00", "shopping_cart.created_at"},
        breach{"2026-03-15T14:35:00Z", "1773585300", "shopping_cart.updated_at"},
        breach{R"("string_value":"mobile_app")", R"("string_value":7)", "string_value must be a string"},
        breach{R"("string_value":"mobile_app")", R"("integer_value":7.0)", "integer_value"},
        breach{R"("string_value":"mobile_app")", R"("date_value":"15.3.2026")", "date_value"},
        breach{R"("string_value":"mobile_app")", R"("datetime_value":"2026-03-15")", "datetime_value"},
        breach{R"("string_value":"mobile_app")", R"("boolean_value":"true")", "boolean_value"},
        breach{R"("string_value":"mobile_app")", R"("value":"mobile_app")", "value is not known"},
        breach{R"("string_value":"mobile_app")", R"("string_value":"a","integer_value":1)", "exactly one"},
        breach{R"("name":"cart_source",)", "", "name is missing"},
        breach{R"("currency")", R"("products":[],"currency")", "products is not known"}));

TEST_F(reloadify_test, an_update_keeps_what_it_leaves_out) {
  (void)put(sample);
  reloadify.now += std::chrono::seconds(5);
  const auto got = put(R"({"shopping_cart":{"id":"cart_8f3k2m","profile_id":"prof_abc123","price":"10"}})");
  const auto cart = *parse_document(got.response.body);
  EXPECT_EQ(cart.text_of("price"), "10");
  EXPECT_EQ(cart.text_of("currency"), "EUR");
  EXPECT_EQ(cart.text_of("created_at"), "2026-03-15T14:22:00Z");
  EXPECT_EQ(cart.text_of("updated_at"), base::format_rfc3339_millis(reloadify.now));
}

TEST_F(reloadify_test, products_are_a_set) {
  EXPECT_EQ(status("PUT", {"cart_8f3k2m", "products", "p1"}), 404) << "no cart yet";
  EXPECT_EQ(status("GET", {"cart_8f3k2m", "products"}), 404);
  (void)put(sample);
  for (const std::string id : {"p1", "p/2", "p1"})
    EXPECT_EQ(status("PUT", {"cart_8f3k2m", "products", id}), 200);
  EXPECT_EQ(to_json(get({"cart_8f3k2m", "products"})), R"({"data":[{"id":"p1"},{"id":"p/2"}]})");
  EXPECT_EQ(status("DELETE", {"cart_8f3k2m", "products", "p1"}), 204);
  EXPECT_EQ(status("DELETE", {"cart_8f3k2m", "products", "p1"}), 404);
  EXPECT_EQ(to_json(at(get({"cart_8f3k2m"}), {"product_ids"})), R"(["p/2"])");
  EXPECT_THAT(counters_of(*reloadify.desk), HasSubstr(R"("product_puts":3,"product_deletes":1)"));
}

TEST_F(reloadify_test, a_deleted_cart_stays_visible_until_it_is_put_again) {
  (void)put(sample);
  EXPECT_EQ(status("PUT", {"cart_8f3k2m", "products", "p1"}), 200);
  EXPECT_EQ(status("DELETE", {"cart_8f3k2m"}), 204);
  EXPECT_EQ(status("DELETE", {"cart_8f3k2m"}), 404);
  EXPECT_TRUE(at(get({"cart_8f3k2m"}), {"deleted"}).truth);
  EXPECT_EQ(status("GET", {"cart_8f3k2m", "products"}), 404);
  EXPECT_EQ(status("PUT", {"cart_8f3k2m", "products", "p1"}), 404);
  (void)put(sample);
  EXPECT_FALSE(at(get({"cart_8f3k2m"}), {"deleted"}).truth);
  EXPECT_TRUE(at(get({"cart_8f3k2m", "products"}), {"data"}).elements.empty());
}

TEST_F(reloadify_test, lists_by_pages_and_times) {
  for (int i = 1; i <= 12; ++i) {
    const std::string number = std::to_string(i);
    (void)put(with(with(sample, "cart_8f3k2m", "c" + number), "2026-03-15T14:22:00Z",
                   "2026-03-" + std::string(i < 10 ? "0" : "") + number + "T00:00:00Z"));
  }
  EXPECT_EQ(list("").size(), 10U);
  EXPECT_THAT(list("page=2"), ElementsAre("c11", "c12"));
  EXPECT_THAT(list("per_page=250").size(), 12U);
  EXPECT_THAT(list("per_page=5&page=3"), ElementsAre("c11", "c12"));
  EXPECT_THAT(list("page=3"), ElementsAre());
  EXPECT_THAT(list("created_after=2026-03-10T00:00:00Z"), ElementsAre("c11", "c12"));
  EXPECT_THAT(list("created_after=2026-03-03T00:00:00Z&created_before=2026-03-05T00:00:00Z"),
              ElementsAre("c4"));
  EXPECT_THAT(list("updated_before=2026-03-15T14:35:00Z"), ElementsAre());
  EXPECT_EQ(list("updated_after=2026-03-15T14:34:59Z").size(), 10U);
  const auto other = reloadify.send("GET", {"v2", "languages", "nl", "shopping_carts"});
  EXPECT_EQ(other.response.body, R"({"data":[]})");
  for (const std::string query :
       {"per_page=251", "per_page=0", "page=0", "page=x", "created_after=today", "sort=id"}) {
    const auto got = reloadify.call_with("GET", cart_path(), {}, reloadify.headers, query);
    EXPECT_EQ(got.response.status, 422) << query;
  }
}

TEST_F(reloadify_test, wants_its_methods_paths_type_and_credential) {
  EXPECT_EQ(status("POST", {}), 405);
  EXPECT_EQ(status("PUT", {"c"}), 405);
  (void)put(sample);
  EXPECT_EQ(status("POST", {"cart_8f3k2m", "products"}), 405);
  EXPECT_EQ(status("GET", {"cart_8f3k2m", "products", "p"}), 405);
  EXPECT_EQ(status("GET", {"cart_8f3k2m", "items"}), 404);
  EXPECT_EQ(status("GET", {"cart_8f3k2m", "products", "p", "q"}), 404);
  EXPECT_EQ(reloadify.send("GET", {"v2", "languages", "english", "shopping_carts"}).response.status, 404);
  EXPECT_EQ(reloadify.send("GET", {"v1", "languages", "en", "shopping_carts"}).response.status, 404);
  const auto status_with = [&](std::string_view name, const std::string& text) {
    return reloadify.call_with("PUT", cart_path(), sample, reloadify.changed(name, text)).response.status;
  };
  EXPECT_EQ(status_with("Content-Type", ""), 415);
  EXPECT_EQ(status_with("Authorization", ""), 401);
  reloadify.settings.secret = "another";
  EXPECT_EQ(status_with("Authorization", "Bearer token"), 401);
  EXPECT_EQ(put("{").response.status, 401);
  EXPECT_EQ(status_with("Authorization", "Bearer another"), 200);
}

TEST_F(reloadify_test, issues_tokens_that_expire) {
  reloadify.settings.secret = "s3cret";
  reloadify.settings.token_lifetime = std::chrono::seconds(60);
  const std::string body =
      R"({"grant_type":"client_credentials","client_id":"shop","client_secret":"s3cret"})";
  const auto token_status = [&](const std::string& text) {
    return reloadify.send("POST", {"oauth", "token"}, text).response.status;
  };
  EXPECT_EQ(token_status(with(body, "s3cret", "wrong")), 401);
  EXPECT_EQ(token_status(with(body, "client_credentials", "password")), 400);
  EXPECT_EQ(token_status(with(body, R"("client_id":"shop",)", "")), 400);
  const auto issued = reloadify.send("POST", {"oauth", "token"}, body);
  ASSERT_EQ(issued.response.status, 200);
  const auto grant = *parse_document(issued.response.body);
  EXPECT_EQ(at(grant, {"expires_in"}).text, "60");
  reloadify.headers = reloadify.changed("Authorization", "Bearer " + at(grant, {"access_token"}).text);
  EXPECT_EQ(put(sample).response.status, 200);
  reloadify.now += std::chrono::seconds(60);
  EXPECT_EQ(put(sample).response.status, 401);
}

}  // namespace
}  // namespace cartrelay::sandbox
