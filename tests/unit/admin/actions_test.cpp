#include "admin/actions.hpp"

#include "tests/unit/admin/support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

using ::testing::ElementsAre;

/// Dead letters 1 to 3 of each of two destinations, refused by the vendor, which has come to its senses
/// since.
class changes : public ::testing::Test {
 protected:
  house house_{{house::releva("bg"), house::releva("gr")}};

  void SetUp() override {
    house_.shop.status = 404;
    for (const char* id : {"1", "2", "3"})
      house_.store(order_paid(id, id));
    house_.await_dead_letters("bg", 3);
    house_.await_dead_letters("gr", 3);
    house_.shop.status = 202;
  }

  std::string state(queue::sequence number, std::size_t line) {
    const auto receipt = json(house_.ask(get("/v1/events/" + std::to_string(number))));
    return std::string(receipt.at("destinations").at(line).at("state").as_string());
  }
};

TEST_F(changes, a_replay_by_id_delivers_them) {
  const auto answer = house_.ask(post("/v1/dead-letters/replay", R"({"ids":["bg-1","gr-3"]})"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"replayed":2})");
  house_.await(
      [&] { return house_.status("bg").counts.delivered == 1 && house_.status("gr").counts.delivered == 1; });
  EXPECT_EQ(house_.status("bg").counts.dead_letters, 2u);
  EXPECT_EQ(state(1, 0), "delivered");
  EXPECT_EQ(state(1, 1), "dead_letter");
}

TEST_F(changes, a_replay_of_a_destination_leaves_the_other_alone) {
  EXPECT_EQ(house_.ask(post("/v1/dead-letters/replay", R"({"destination":"bg","reason":"rejected"})")).body,
            R"({"replayed":3})");
  house_.await([&] { return house_.status("bg").counts.delivered == 3; });
  EXPECT_EQ(house_.status("gr").counts.dead_letters, 3u);
}

TEST_F(changes, again_changes_nothing) {
  const auto body = R"({"ids":["bg-1"]})";
  EXPECT_EQ(house_.ask(post("/v1/dead-letters/replay", body)).body, R"({"replayed":1})");
  EXPECT_EQ(house_.ask(post("/v1/dead-letters/replay", body)).body, R"({"replayed":0})");
  EXPECT_EQ(house_.ask(post("/v1/dead-letters/discard", body)).body, R"({"discarded":0})");
}

TEST_F(changes, discarded_ones_stay_on_their_receipt) {
  EXPECT_EQ(house_.ask(post("/v1/dead-letters/discard", R"({"destination":"gr"})")).body,
            R"({"discarded":3})");
  EXPECT_EQ(house_.status("gr").counts.dead_letters, 0u);
  EXPECT_EQ(house_.status("gr").counts.discarded, 3u);
  EXPECT_EQ(state(2, 1), "discarded");
  EXPECT_EQ(house_.ask(get("/v1/dead-letters/gr-2")).status, 404);
}

TEST_F(changes, only_those_before_a_time) {
  EXPECT_EQ(
      house_.ask(post("/v1/dead-letters/discard", R"({"destination":"gr","before":"2000-01-01T00:00:00Z"})"))
          .body,
      R"({"discarded":0})");
}

TEST_F(changes, a_body_that_says_too_little_changes_nothing) {
  for (const char* body : {"", "{}", R"({"ids":[]})", R"({"reason":"rejected"})", "[]", "x"}) {
    auto what = post("/v1/dead-letters/discard", body);
    what.headers.set("Content-Type", "application/json");
    EXPECT_EQ(house_.ask(what).status, 400) << body;
  }
  EXPECT_EQ(house_.status("bg").counts.dead_letters, 3u);
}

TEST_F(changes, a_fault_is_pointed_at) {
  const auto answer = house_.ask(post("/v1/dead-letters/replay", R"({"ids":["bg-1","zz-1"]})"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.headers.find("Content-Type"), "application/problem+json");
  EXPECT_THAT(pointers(answer), ElementsAre("/ids/1"));
  EXPECT_EQ(house_.status("bg").counts.dead_letters, 3u);
}

TEST_F(changes, a_body_of_another_type_is_not_read) {
  const auto body = R"({"destination":"bg"})";
  for (const char* type :
       {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"}) {
    EXPECT_EQ(house_.ask(with(post("/v1/dead-letters/replay", body), "Content-Type", type)).status, 415)
        << type;
    EXPECT_EQ(house_.ask(with(post("/v1/destinations/bg/pause", "{}"), "Content-Type", type)).status, 415)
        << type;
  }
  EXPECT_EQ(house_
                .ask(with(post("/v1/dead-letters/replay", body), "Content-Type",
                          "application/json; profile=x; charset=\"UTF-8\""))
                .status,
            200);
}

TEST_F(changes, an_empty_body_is_of_no_type) {
  const auto empty = with(post("/v1/destinations/bg/pause", ""), "Transfer-Encoding", "chunked");
  EXPECT_EQ(house_.ask(with(empty, "Content-Type", "text/plain")).status, 200);
}

TEST_F(changes, parameters_are_none_of_theirs) {
  const auto answer = house_.ask(post("/v1/dead-letters/replay?destination=bg", R"({"destination":"bg"})"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(pointers(answer), ElementsAre("?destination"));
}

TEST(pausing, keeps_what_comes_and_survives_questions) {
  house house;
  const auto paused = house.ask(post("/v1/destinations/releva/pause"));
  EXPECT_EQ(paused.status, 200);
  EXPECT_EQ(paused.body, R"({"name":"releva","state":"paused"})");
  EXPECT_EQ(house.ask(post("/v1/destinations/releva/pause", "{}")).status, 200);
  house.store(order_paid("1", "1"));
  house.await([&] { return house.status("releva").counts.backlog() == 1; });
  EXPECT_TRUE(house.shop.got.empty());
  EXPECT_EQ(json(house.ask(get("/status"))).at("state"), "degraded");
  const auto resumed = house.ask(post("/v1/destinations/releva/resume"));
  EXPECT_EQ(resumed.body, R"({"name":"releva","state":"active"})");
  house.await([&] { return house.status("releva").counts.delivered == 1; });
}

TEST(pausing, another_name_is_not_found_and_the_nearest_is_named) {
  house house;
  for (const char* verb : {"pause", "resume"}) {
    const auto answer = house.ask(post(std::string("/v1/destinations/relva/") + verb));
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(json(answer).at("detail"), "destination \"relva\" is unknown, did you mean \"releva\"?");
  }
}

TEST(gone_destination, is_named_as_such_and_its_backlog_can_be_discarded) {
  house house({house::releva("releva"), house::releva("old")});
  house.ask(post("/v1/destinations/old/pause"));
  house.store(order_paid("1", "1"));
  bool applied = false;
  boost::asio::co_spawn(house.io, house.delivery.apply({house::releva("releva")}),
                        [&](const std::exception_ptr&, const auto&) { applied = true; });
  house.await([&] { return applied; });
  const auto answer = house.ask(post("/v1/destinations/old/pause"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(
      json(answer).at("detail"),
      "destination \"old\" is not in the configuration any more: put its entry back, or give its rest up: "
      "cartrelay dead-letters discard --destination old");
  const auto discard = post("/v1/dead-letters/discard", R"({"destination":"old"})");
  EXPECT_EQ(house.ask(discard).body, R"({"discarded":1})");
  EXPECT_EQ(house.ask(discard).body, R"({"discarded":0})");
}

TEST(pausing, has_nothing_to_say_in_a_body) {
  house house;
  for (const char* body : {"[]", "{\"a\":1}", "x", "null"})
    EXPECT_EQ(house.ask(post("/v1/destinations/releva/pause", body)).status, 400) << body;
  EXPECT_EQ(house.status("releva").state, dispatch::destination_state::active);
}

}  // namespace
}  // namespace cartrelay::admin::testing
