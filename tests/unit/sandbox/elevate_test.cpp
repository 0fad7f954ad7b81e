#include "tests/unit/sandbox/support.hpp"

#include <gmock/gmock.h>

namespace cartrelay::sandbox {
namespace {

using testing::HasSubstr;

const std::string sample = R"({"market":"UK","customerKey":"d9528030-509c-4e0f-b585-7168f1e9feca",
"sessionKey":"b106299c-eac0-4f6f-96d2-93e57c255784","id":"0.nd2bj6h4pi9","ticket":"Oy9keW5hbWljLXBhZ2Vz"})";

struct elevate_test : testing::Test {
  counter_desk elevate{"elevate", {{"Content-Type", "application/json"}}};
  std::vector<std::string> path{"api", "v1", "notifications", "adding-to-cart"};

  answer post(const std::string& body) { return elevate.send("POST", path, body); }
};

TEST_F(elevate_test, takes_the_documented_sample) {
  const auto got = post(sample);
  EXPECT_EQ(got.response.status, 204);
  EXPECT_TRUE(got.response.body.empty());
  EXPECT_TRUE(got.notes.empty());
  EXPECT_EQ(at(state_of(*elevate.desk), {"notifications", "0.nd2bj6h4pi9", "notification", "market"}).text,
            "UK");
}

struct elevate_breach_test : elevate_test, testing::WithParamInterface<breach> {};

TEST_P(elevate_breach_test, is_refused) {
  const auto got = post(with(sample, GetParam().from, GetParam().to));
  EXPECT_EQ(got.response.status, 400);
  EXPECT_THAT(got.response.body, HasSubstr(std::string(GetParam().culprit)));
  EXPECT_TRUE(at(state_of(*elevate.desk), {"notifications"}).members.empty());
}

INSTANTIATE_TEST_SUITE_P(
    each, elevate_breach_test,
    testing::Values(breach{R"(,"ticket":"Oy9keW5hbWljLXBhZ2Vz")", "", "ticket is missing"},
                    breach{R"("Oy9keW5hbWljLXBhZ2Vz")", R"("")", "ticket must be not empty"},
                    breach{R"("market":"UK",)", "", "market is missing"},
                    breach{R"("customerKey")", R"("customer_key")", "customerKey is missing"},
                    breach{R"("sessionKey")", R"("session")", "sessionKey is missing"},
                    breach{R"("0.nd2bj6h4pi9")", "7", "id must be a string"},
                    breach{R"({"market")", R"({"token":null,"market")", "token must be a string"},
                    breach{R"({"market")", R"({"time":"now","market")", "time is not known"}));

TEST_F(elevate_test, a_hashed_customer_key_needs_its_token) {
  const std::string hashed = with(sample, "d9528030-509c-4e0f-b585-7168f1e9feca", std::string(64, 'A'));
  const std::string vouched = with(hashed, R"({"market")", R"({"token":"t1","market")");
  EXPECT_EQ(post(hashed).response.status, 403);
  EXPECT_EQ(post(vouched).response.status, 204);
  elevate.settings.secret = "t2";
  EXPECT_EQ(post(vouched).response.status, 403);
}

TEST_F(elevate_test, notes_what_a_cluster_would_make_nothing_of) {
  EXPECT_THAT(post(with(sample, "d9528030-509c", "visitor-7")).notes,
              testing::ElementsAre(HasSubstr("customerKey")));
  EXPECT_THAT(post(with(sample, "b106299c-eac0", "s")).notes, testing::ElementsAre(HasSubstr("sessionKey")));
  EXPECT_THAT(post(with(sample, R"({"market")", R"({"token":"t","market")")).notes,
              testing::ElementsAre(HasSubstr("token")));
  const auto keyed = elevate.call_with("POST", path, sample, elevate.changed("Authorization", "Bearer x"));
  EXPECT_EQ(keyed.response.status, 204);
  EXPECT_THAT(keyed.notes, testing::ElementsAre(HasSubstr("credential")));
}

TEST_F(elevate_test, counts_what_comes_again_under_the_same_id) {
  EXPECT_EQ(post(sample).response.status, 204);
  EXPECT_EQ(post(sample).response.status, 204);
  EXPECT_EQ(counters_of(*elevate.desk), R"({"notifications":2,"repeated":1,"forgotten":0})");
}

TEST_F(elevate_test, wants_its_method_path_and_type) {
  EXPECT_EQ(elevate.send("GET", path).response.status, 405);
  EXPECT_EQ(elevate.send("POST", {"api", "v2", "notifications", "adding-to-cart"}, sample).response.status,
            404);
  EXPECT_EQ(elevate.call_with("POST", path, sample, {}).response.status, 415);
}

}  // namespace
}  // namespace cartrelay::sandbox
