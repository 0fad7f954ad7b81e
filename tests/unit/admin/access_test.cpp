#include "tests/unit/admin/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const char* const guarded_reads[] = {"/v1/events", "/v1/events/1", "/v1/dead-letters",
                                     "/v1/dead-letters/releva-1"};
const char* const changes[] = {"/v1/dead-letters/replay", "/v1/dead-letters/discard",
                               "/v1/destinations/releva/pause", "/v1/destinations/releva/resume",
                               "/v1/preview"};
const char* const open_reads[] = {"/status", "/metrics"};
const char* const for_all[] = {"/livez", "/readyz", "/", "/dashboard.css", "/dashboard.js", "/icon.svg"};

options with_tokens() {
  options out;
  out.tokens = {base::secret("old-token"), base::secret("new-token")};
  return out;
}
http::request signed_by(http::request what, const std::string& token) {
  return with(std::move(what), "Authorization", "Bearer " + token);
}

TEST(access, without_tokens_this_machine_sees_figures_only) {
  house house;
  for (const char* path : for_all)
    EXPECT_EQ(house.ask(get(path), this_machine).status, 200) << path;
  for (const char* path : open_reads)
    EXPECT_EQ(house.ask(get(path), this_machine).status, 200) << path;
  for (const char* path : guarded_reads)
    EXPECT_EQ(house.ask(get(path), this_machine).status, 401) << path;
  for (const char* path : changes)
    EXPECT_EQ(house.ask(post(path), this_machine).status, 401) << path;
}

TEST(access, with_tokens_figures_still_need_none_on_this_machine) {
  house house;
  house.desk.configure(with_tokens(), {});
  for (const char* path : open_reads)
    EXPECT_EQ(house.ask(get(path), this_machine).status, 200) << path;
  for (const char* path : guarded_reads)
    EXPECT_EQ(house.ask(get(path), this_machine).status, 401) << path;
}

TEST(access, other_machines_need_a_token_for_anything_with_data) {
  house house;
  house.desk.configure(with_tokens(), {});
  for (const char* path : for_all)
    EXPECT_EQ(house.ask(get(path), other_machine).status, 200) << path;
  for (const char* path : open_reads) {
    EXPECT_EQ(house.ask(get(path), other_machine).status, 401) << path;
    EXPECT_EQ(house.ask(signed_by(get(path), "old-token"), other_machine).status, 200) << path;
  }
  for (const char* path : guarded_reads) {
    EXPECT_EQ(house.ask(get(path), other_machine).status, 401) << path;
    EXPECT_NE(house.ask(signed_by(get(path), "new-token"), other_machine).status, 401) << path;
  }
  for (const char* path : changes)
    EXPECT_EQ(house.ask(post(path), other_machine).status, 401) << path;
}

TEST(access, a_wrong_token_is_noticed_where_none_is_needed) {
  house house;
  house.desk.configure(with_tokens(), {});
  for (const char* path : open_reads)
    EXPECT_EQ(house.ask(signed_by(get(path), "wrong"), this_machine).status, 401) << path;
}

TEST(access, a_missing_and_a_wrong_token_get_the_same_answer) {
  house house;
  house.desk.configure(with_tokens(), {});
  const auto missing = house.ask(get("/v1/events"), this_machine);
  const auto wrong = house.ask(signed_by(get("/v1/events"), "old-tokem"), this_machine);
  EXPECT_EQ(missing.body, wrong.body);
  EXPECT_EQ(missing.headers.find("WWW-Authenticate"), "Bearer");
}

TEST(access, a_token_proves_nothing_while_none_is_configured) {
  house house;
  EXPECT_EQ(house.ask(signed_by(get("/v1/events"), ""), this_machine).status, 401);
  EXPECT_EQ(house.ask(signed_by(get("/v1/events"), "x"), this_machine).status, 401);
  EXPECT_EQ(house.ask(signed_by(get("/status"), "x"), this_machine).status, 200);
}

TEST(access, the_refusal_says_whether_a_token_could_help) {
  house house;
  constexpr auto none = R"("reason":"no_token_configured")";
  EXPECT_THAT(house.ask(get("/v1/events"), this_machine).body, HasSubstr(none));
  house.desk.configure(with_tokens(), {});
  EXPECT_THAT(house.ask(get("/v1/events"), this_machine).body, Not(HasSubstr(none)));
}

TEST(access, a_unix_socket_is_enough_for_everything) {
  house house;
  house.desk.configure(with_tokens(), {});
  EXPECT_EQ(house.ask(get("/v1/events")).status, 200);
  EXPECT_EQ(house.ask(post("/v1/destinations/releva/pause")).status, 200);
}

TEST(access, a_page_in_a_browser_gets_no_figures_by_another_name) {
  house house;
  house.desk.configure(with_tokens(), {});
  for (const char* path : open_reads) {
    EXPECT_EQ(house.ask(with(get(path), "Host", "attacker.example:8471"), this_machine).status, 421) << path;
    EXPECT_EQ(house.ask(with(get(path), "Host", "localhost:8471"), this_machine).status, 200) << path;
    const auto named = with(get(path), "Host", "admin.shop.example");
    EXPECT_EQ(house.ask(signed_by(named, "old-token"), this_machine).status, 200) << path;
  }
}

TEST(access, strangers_learn_nothing_about_methods_of_what_is_guarded) {
  house house;
  auto what = get("/v1/events");
  what.method = "DELETE";
  EXPECT_EQ(house.ask(what, this_machine).status, 401);
}

TEST(access, other_methods_are_told_which_ones_there_are) {
  house house;
  for (const char* path : {"/status", "/livez", "/v1/events", "/v1/dead-letters/releva-1"}) {
    for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}) {
      auto what = get(path);
      what.method = method;
      const auto answer = house.ask(what);
      EXPECT_EQ(answer.status, 405) << method << ' ' << path;
      EXPECT_EQ(answer.headers.find("Allow"), "GET, HEAD") << method << ' ' << path;
    }
  }
  for (const char* path : changes) {
    const auto answer = house.ask(get(path));
    EXPECT_EQ(answer.status, 405) << path;
    EXPECT_EQ(answer.headers.find("Allow"), "POST") << path;
  }
}

TEST(access, nothing_else_is_here) {
  house house;
  for (const char* path : {"/favicon.ico", "/v2/events", "/../status", "/%2e%2e/status", "//status"})
    EXPECT_EQ(house.ask(get(path)).status, 404) << path;
}

TEST(access, every_answer_keeps_browsers_careful) {
  house house;
  for (const char* path : {"/", "/status", "/metrics", "/livez", "/v1/events", "/v1/events/99", "/nothing"}) {
    const auto answer = house.ask(get(path));
    EXPECT_THAT(std::string(answer.headers.find("Content-Security-Policy").value_or("")),
                HasSubstr("default-src 'none'"))
        << path;
    EXPECT_EQ(answer.headers.find("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(answer.headers.find("Cache-Control"), "no-store") << path;
    EXPECT_EQ(answer.headers.find("Referrer-Policy"), "no-referrer") << path;
    EXPECT_FALSE(answer.headers.find("Access-Control-Allow-Origin")) << path;
  }
}

TEST(readiness, follows_the_daemon_and_the_queue) {
  house house;
  EXPECT_EQ(house.ask(get("/readyz")).status, 200);
  house.log.refuse_appends(queue::errc::full);
  const auto full = house.ask(get("/readyz"));
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(json(full).at("reason"), "queue_full");
  house.log.refuse_appends(std::nullopt);
  for (const auto& [now, reason] :
       {std::pair(phase::starting, "starting"), std::pair(phase::stopping, "stopping")}) {
    house.desk.enter(now);
    const auto answer = house.ask(get("/readyz"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(json(answer).at("reason"), reason);
    EXPECT_EQ(house.ask(get("/livez")).status, 200);
  }
}

TEST(figures, come_from_everywhere) {
  house house;
  house.store(order_paid("e-1", "o-1"));
  house.await([&] { return house.status("releva").counts.delivered == 1; });
  const auto status = json(house.ask(get("/status"), this_machine));
  EXPECT_EQ(status.at("version"), "0.1.0");
  EXPECT_EQ(status.at("state"), "running");
  EXPECT_EQ(status.at("ingest").at("accepted_total"), 1);
  EXPECT_EQ(status.at("queue").at("engine"), "memory");
  EXPECT_EQ(status.at("destinations").at(0).at("name"), "releva");
  EXPECT_EQ(status.at("destinations").at(0).at("delivered_total"), 1);
  const auto metrics = house.ask(get("/metrics"), this_machine);
  EXPECT_EQ(metrics.headers.find("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(metrics.body, HasSubstr("cartrelay_ingest_accepted_total 1\n"));
  EXPECT_THAT(metrics.body, Not(HasSubstr("canary-secret")));
}

TEST(figures, say_when_the_daemon_stops) {
  house house;
  house.desk.enter(phase::stopping);
  EXPECT_EQ(json(house.ask(get("/status"))).at("state"), "stopping");
}

}  // namespace
}  // namespace cartrelay::admin::testing
