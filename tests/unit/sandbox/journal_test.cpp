#include "sandbox/journal.hpp"

#include "tests/unit/sandbox/support.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace cartrelay::sandbox {
namespace {

using testing::HasSubstr;
using testing::Not;

arrival arrival_for(const std::string& vendor, std::string body = "{}") {
  arrival made = record_of(make_request("POST", "/" + vendor + "/x", std::move(body), {}), test_time);
  made.vendor = vendor;
  made.status = 202;
  return made;
}

std::string listing(const journal& of, const arrival_filter& filter = {}, std::size_t limit = 100) {
  std::string text;
  base::json_writer out(text);
  out.begin_object();
  of.write(out, filter, limit);
  out.end_object();
  return text;
}

std::vector<std::string> numbers(const journal& of, const arrival_filter& filter = {},
                                 std::size_t limit = 100) {
  std::vector<std::string> list;
  const auto parsed = *parse_document(listing(of, filter, limit));
  for (const value& one : parsed.find("requests")->elements)
    list.push_back(one.find("number")->text);
  return list;
}

TEST(journal, numbers_and_filters) {
  journal kept(10, 1 << 20);
  for (const char* vendor : {"releva", "rokt", "releva", "releva"})
    kept.add(arrival_for(vendor));
  EXPECT_THAT(numbers(kept, {.vendor = "releva"}), testing::ElementsAre("1", "3", "4"));
  EXPECT_THAT(numbers(kept, {.vendor = "releva", .after = 1}, 1), testing::ElementsAre("3"));
  EXPECT_THAT(numbers(kept, {.instance = "b", .by_instance = true}), testing::ElementsAre());
  EXPECT_EQ(kept.count({.vendor = "rokt"}), 1U);
}

TEST(journal, keeps_the_newest_and_never_reuses_a_number) {
  journal kept(2, 1 << 20);
  for (int i = 0; i < 5; ++i)
    kept.add(arrival_for("rokt"));
  EXPECT_THAT(numbers(kept), testing::ElementsAre("4", "5"));
  EXPECT_THAT(listing(kept), HasSubstr(R"("last":5,"forgotten":3)"));
  kept.forget();
  kept.add(arrival_for("rokt"));
  EXPECT_THAT(numbers(kept), testing::ElementsAre("6"));
}

TEST(journal, is_bounded_in_bytes_too) {
  journal kept(100, 10'000);
  for (int i = 0; i < 5; ++i)
    kept.add(arrival_for("rokt", std::string(4'000, ' ')));
  EXPECT_THAT(numbers(kept), testing::ElementsAre("4", "5"));
  kept.add(arrival_for("rokt", std::string(40'000, ' ')));
  EXPECT_THAT(numbers(kept), testing::ElementsAre("6"));
}

TEST(journal, masks_credentials) {
  const header_list headers{
      {"Authorization", "Bearer canary"}, {"ROKT-Api-Key", "canary"}, {"X-A", "1"}, {"x-a", "2"}};
  journal kept(10, 1 << 20);
  kept.add(record_of(make_request("POST", "/reloadify/oauth/token", R"({"client_secret":"canary"})", headers),
                     test_time));
  EXPECT_THAT(listing(kept), Not(HasSubstr("canary")));
  EXPECT_THAT(listing(kept),
              HasSubstr(R"("headers":{"authorization":"Bearer ***","rokt-api-key":"***","x-a":"1, 2"})"));
}

TEST(journal, logs_a_line_per_request_at_once) {
  const auto path = std::filesystem::path(testing::TempDir()) / "sandbox-journal-test.ndjson";
  std::filesystem::remove(path);
  journal kept(1, 1 << 20);
  ASSERT_TRUE(kept.open(path));
  kept.add(arrival_for("releva", "{\"a\":\n1}"));
  arrival silent = arrival_for("rokt", "\xff");
  silent.status = 0;
  silent.notes = {"n"};
  kept.add(std::move(silent));
  std::ifstream file(path);
  std::string first, second, third;
  std::getline(file, first);
  std::getline(file, second);
  EXPECT_FALSE(std::getline(file, third));
  EXPECT_EQ(first, R"({"number":1,"time":")" + base::format_rfc3339_micros(test_time) +
                       R"(","vendor":"releva","instance":"","method":"POST","path":"/releva/x","status":202,)"
                       R"("body":"{\"a\":\n1}"})");
  EXPECT_THAT(second, HasSubstr(R"("status":null,"notes":["n"],"body_base64":"/w=="})"));
  std::filesystem::remove(path);
  EXPECT_FALSE(journal(1, 1).open("/nowhere/at/all/log"));
}

}  // namespace
}  // namespace cartrelay::sandbox
