#include "tests/unit/config/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::config::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr const char* variable = "CARTRELAY_TEST_SECRET";

/// An Elevate entry, which needs the least, with further lines from line 5 on.
std::string elevate(std::string_view more, std::string_view name = "e") {
  return "[[destinations]]\nname = \"" + std::string(name) +
         "\"\nkind = \"elevate\"\nurl = \"https://c.example\"\n" + std::string(more) + "\n";
}
std::string releva(std::string_view more) {
  return "[[destinations]]\nname = \"r\"\nkind = \"releva\"\nsecret = { env = \"CARTRELAY_TEST_SECRET\" }\n" +
         std::string(more) + "\n";
}

TEST(destination_faults, nothing_but_a_header) {
  EXPECT_THAT(refusal("[[destinations]]\n"),
              ElementsAre("f.toml:1: destinations[0].name: required",
                          "f.toml:1: destinations[0].kind: required: one of releva, reloadify, elevate, "
                          "esputnik, rokt"));
}

TEST(destination_faults, names) {
  for (const char* name : {"", "Shop", "a b", "a_b", "a/b", "12345678901234567890123456789012345678901"})
    EXPECT_THAT(refusal(elevate("", name)), ElementsAre(HasSubstr("f.toml:2: destinations[0].name: ")))
        << name;
  EXPECT_THAT(refusal(elevate("", "1234567890123456789012345678901234567-0b")), ElementsAre());
  EXPECT_THAT(refusal(elevate("") + elevate("")),
              ElementsAre("f.toml:7: destinations[1].name: \"e\" stands twice"));
}

TEST(destination_faults, kinds) {
  EXPECT_THAT(refusal("[[destinations]]\nname = \"x\"\nkind = \"relva\"\n"),
              ElementsAre("f.toml:3: destinations[0].kind: \"relva\" is unknown, did you mean \"releva\"?"));
  EXPECT_THAT(refusal("[[destinations]]\nname = \"x\"\nkind = \"mailchimp\"\n"),
              ElementsAre(StartsWith("f.toml:3: destinations[0].kind: \"mailchimp\" is none of: releva, ")));
}

TEST(destination_faults, are_told_whatever_the_kind_is) {
  for (const char* kind : {"kind = \"relva\"\n", "kind = \"\"\n", "\n"})
    EXPECT_THAT(
        refusal(std::string("[[destinations]]\nname = \"x\"\n") + kind +
                "tag_id = \"t\"\nconcurency = 5\nretry = { max = \"1\" }\nevents = [\"order.payed\"]\n"),
        ElementsAre(HasSubstr("destinations[0].kind: "),
                    "f.toml:5: destinations[0].concurency: unknown key, did you mean \"concurrency\"?",
                    StartsWith("f.toml:6: destinations[0].retry.max: expected a duration"),
                    StartsWith("f.toml:7: destinations[0].events: \"order.payed\" is unknown")))
        << kind;
}

TEST(destination_faults, what_is_required) {
  EXPECT_THAT(refusal("[[destinations]]\nname = \"x\"\nkind = \"releva\"\n"),
              ElementsAre("f.toml:1: destinations[0].secret: required"));
  EXPECT_THAT(refusal("[[destinations]]\nname = \"x\"\nkind = \"elevate\"\n"),
              ElementsAre(StartsWith("f.toml:1: destinations[0].url: required")));
  EXPECT_THAT(refusal("[[destinations]]\nname = \"x\"\nkind = \"reloadify\"\nlanguage = \"bg\"\n"),
              ElementsAre("f.toml:1: destinations[0].secret: required"));
  EXPECT_THAT(refusal("[[destinations]]\nname = \"x\"\nkind = \"reloadify\"\nlanguage = \"bg\"\n"
                      "client_id = \"c\"\n"),
              ElementsAre("f.toml:1: destinations[0].client_secret: required"));
  const environment secret(variable, "s");
  EXPECT_THAT(refusal("[[destinations]]\nname = \"x\"\nkind = \"reloadify\"\n"
                      "secret = { env = \"CARTRELAY_TEST_SECRET\" }\n"),
              ElementsAre(StartsWith("f.toml:1: destinations[0].language: required, unless")));
  EXPECT_THAT(refusal("[[destinations]]\nname = \"x\"\nkind = \"rokt\"\nurl = \"https://r.example\"\n"
                      "secret = { env = \"CARTRELAY_TEST_SECRET\" }\n"),
              ElementsAre(StartsWith("f.toml:1: destinations[0].tag_id: required")));
}

TEST(destination_faults, a_secret_where_there_is_none_is_an_unknown_key) {
  const environment secret(variable, "s");
  EXPECT_THAT(refusal(elevate("secret = { env = \"CARTRELAY_TEST_SECRET\" }")),
              ElementsAre(StartsWith("f.toml:5: destinations[0].secret: unknown key")));
}

TEST(destination_faults, events) {
  const environment secret(variable, "s");
  EXPECT_THAT(refusal(releva("events = [\"order.payed\"]")),
              ElementsAre("f.toml:5: destinations[0].events: \"order.payed\" is unknown, did you mean "
                          "\"order.paid\"?"));
  EXPECT_THAT(
      refusal(releva("events = [\"page.viewed\"]")),
      ElementsAre("f.toml:5: destinations[0].events: \"page.viewed\" does not go to releva; it takes: "
                  "order.paid, cart.updated"));
  EXPECT_THAT(refusal(releva("events = []")), ElementsAre(HasSubstr("expected at least one event type")));
  EXPECT_THAT(refusal(releva("events = \"order.paid\"")),
              ElementsAre("f.toml:5: destinations[0].events: expected an array of strings, found a string"));
}

TEST(destination_faults, batches_that_expire_before_they_are_full) {
  const environment secret(variable, "s");
  const auto told = [](std::string_view linger, std::string_view more = "") {
    return refusal(releva("batch = { linger = \"" + std::string(linger) + "\"" + std::string(more) +
                          " }\nretry = { max_age = \"2s\" }"));
  };
  EXPECT_THAT(told("2s"), ElementsAre("f.toml:5: destinations[0].batch.linger: not shorter than "
                                      "retry.max_age: events would expire before they are sent"));
  EXPECT_THAT(told("1999ms"), ElementsAre());
  EXPECT_THAT(told("4s", ", max_events = 1"), ElementsAre()) << "it waits for no company";
  EXPECT_THAT(refusal(elevate("batch = { linger = \"1h\" }")), ElementsAre()) << "it takes no batches";
}

TEST(destination_faults, urls) {
  for (const char* url :
       {"http://c.example", "c.example", "ftp://c.example", "https://", "https://c.example/?q=1"})
    EXPECT_THAT(
        refusal("[[destinations]]\nname = \"e\"\nkind = \"elevate\"\nurl = \"" + std::string(url) + "\"\n"),
        ElementsAre(StartsWith("f.toml:4: destinations[0].url: ")))
        << url;
  EXPECT_THAT(refusal("[[destinations]]\nname = \"e\"\nkind = \"elevate\"\nurl = \"http://127.0.0.1:1/x\"\n"),
              ElementsAre());
}

TEST(destination_faults, tables_inside_are_named_whole) {
  EXPECT_THAT(refusal(elevate("retry = { initial = \"1m\", max = \"1s\" }")),
              ElementsAre("f.toml:5: destinations[0].retry.max: retry.max is shorter than retry.initial"));
  EXPECT_THAT(refusal(elevate("retry = { maxage = \"1s\" }")),
              ElementsAre("f.toml:5: destinations[0].retry.maxage: unknown key, did you mean \"max_age\"?"));
  EXPECT_THAT(refusal(elevate("batch = { max_events = 0 }")),
              ElementsAre(StartsWith("f.toml:5: destinations[0].batch.max_events: 0 is out of range")));
  EXPECT_THAT(refusal(elevate("rate = { per_second = -1 }")),
              ElementsAre(StartsWith("f.toml:5: destinations[0].rate.per_second: -1 is out of range")));
  EXPECT_THAT(
      refusal(elevate("rate = { per_sec = 1 }")),
      ElementsAre("f.toml:5: destinations[0].rate.per_sec: unknown key, did you mean \"per_second\"?"));
  EXPECT_THAT(refusal(elevate("rate = { per_second = nan }")),
              ElementsAre(HasSubstr("destinations[0].rate.per_second: nan is out of range")));
  EXPECT_THAT(refusal(elevate("rate = { per_second = 9007199254740993, burst = -9007199254740993 }")),
              ElementsAre(HasSubstr("rate.per_second: 9007199254740993 is out of range"),
                          HasSubstr("rate.burst: -9007199254740993 is out of range")));
  EXPECT_THAT(refusal(elevate("filter = { sources = [] }")),
              ElementsAre("f.toml:5: destinations[0].filter.sources: unknown key, did you mean \"source\"?"));
  EXPECT_THAT(refusal(elevate("filter = []")),
              ElementsAre("f.toml:5: destinations[0].filter: expected a table, found an array"));
}

TEST(destination_faults, filters_that_no_event_can_pass) {
  EXPECT_THAT(
      refusal(elevate(R"(filter = { language = ["bg", "bg_BG", ""] })")),
      ElementsAre(
          R"(f.toml:5: destinations[0].filter.language: "bg_BG": expected a language tag like "bg" or "bg-BG")",
          StartsWith(R"(f.toml:5: destinations[0].filter.language: "": )")));
  EXPECT_THAT(refusal(elevate(R"(filter = { source = ["shop/bg", "shop/bg ", ""] })")),
              ElementsAre(StartsWith(R"(f.toml:5: destinations[0].filter.source: "shop/bg ": )"),
                          StartsWith(R"(f.toml:5: destinations[0].filter.source: "": )")));
  EXPECT_THAT(refusal(elevate(R"(filter = { market = [""] })")),
              ElementsAre(StartsWith(R"(f.toml:5: destinations[0].filter.market: "": )")));
  EXPECT_THAT(refusal(elevate(R"(filter = { market = ["a\nb", "Bŭlgariâ"] })")),
              ElementsAre(StartsWith(R"(f.toml:5: destinations[0].filter.market: "a\x0ab": )")));
  std::string longest;
  for (int character = 0; character < 255; ++character)
    longest += "é";
  EXPECT_THAT(refusal(elevate("filter = { market = [\"" + longest + "\"] }")), ElementsAre());
  EXPECT_THAT(refusal(elevate("filter = { market = [\"" + longest + "é\"] }")), SizeIs(1));
  EXPECT_THAT(refusal(elevate("filter = { source = [\"" + std::string(256, 'a') + "\"] }")), SizeIs(1));
}

TEST(destination_faults, a_name_or_kind_that_is_no_text_is_one_fault) {
  EXPECT_THAT(refusal("[[destinations]]\nname = 1\nkind = \"elevate\"\nurl = \"https://c.example\"\n"),
              ElementsAre(StartsWith("f.toml:2: destinations[0].name: expected a string")));
  EXPECT_THAT(refusal("[[destinations]]\nname = \"e\"\nkind = 2\n"),
              ElementsAre(StartsWith("f.toml:3: destinations[0].kind: expected a string")));
}

TEST(destination_faults, single_settings) {
  EXPECT_THAT(refusal(elevate("concurrency = 0")), ElementsAre(HasSubstr("concurrency: 0 is out of range")));
  EXPECT_THAT(refusal(elevate("on_in_doubt = \"drop\"")),
              ElementsAre(HasSubstr("on_in_doubt: \"drop\" is none of: retry, dead_letter")));
  EXPECT_THAT(refusal(elevate("ca_file = \"/nowhere/ca.pem\"")),
              ElementsAre(HasSubstr("ca_file: \"/nowhere/ca.pem\" is no file that can be read")));
  EXPECT_THAT(refusal(elevate("connect_timeout = \"1ms\"")),
              ElementsAre(HasSubstr("connect_timeout: 1ms is too short")));
  EXPECT_THAT(refusal(elevate("markt = \"BG\"")),
              ElementsAre("f.toml:5: destinations[0].markt: unknown key, did you mean \"market\"?"));
}

TEST(destination_faults, what_the_connections_are_made_with) {
  const scratch_folder files;
  const auto garbage = files.write("ca.pem", "x");
  EXPECT_THAT(
      refusal(elevate("ca_file = \"" + garbage + "\"")),
      ElementsAre(StartsWith("f.toml:5: destinations[0].ca_file: cannot use the trust anchor " + garbage)));
  EXPECT_THAT(refusal(elevate("proxy = \"nonsense\"")),
              ElementsAre("f.toml:5: destinations[0].proxy: the proxy must be written as http://host:port"));
}

TEST(destination_faults, what_only_the_kind_can_judge_stands_at_its_key) {
  const environment secret(variable, "s");
  EXPECT_THAT(refusal("[[destinations]]\nname = \"s\"\nkind = \"esputnik\"\n"
                      "secret = { env = \"CARTRELAY_TEST_SECRET\" }\ntime_zone = \"Europe/Sofija\"\n"),
              ElementsAre(StartsWith("f.toml:5: destinations[0].time_zone: ")));
}

TEST(destination_faults, what_the_kind_judges_is_said_beside_the_rest_and_nothing_twice) {
  EXPECT_THAT(refusal("[[destinations]]\nname = \"x\"\nkind = \"reloadify\"\nclient_id = \"c\"\n"
                      "client_secret = { file = \"/nowhere/secret\" }\nevents = [\"page.viewed\"]\n"
                      "concurrency = 0\n"),
              ElementsAre(StartsWith("f.toml:1: destinations[0].language: required, unless"),
                          StartsWith("f.toml:5: destinations[0].client_secret: "),
                          StartsWith("f.toml:6: destinations[0].events: "),
                          StartsWith("f.toml:7: destinations[0].concurrency: ")));
}

TEST(destination_faults, one_bad_entry_does_not_hide_another) {
  EXPECT_THAT(refusal(elevate("concurrency = 0", "a") + elevate("concurrency = 0", "b")),
              ElementsAre(StartsWith("f.toml:5: destinations[0].concurrency"),
                          StartsWith("f.toml:10: destinations[1].concurrency")));
}

}  // namespace
}  // namespace cartrelay::config::testing
