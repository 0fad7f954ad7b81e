#include "admin/assets.hpp"

#include "http/access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace cartrelay::admin::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string content(const char* path) {
  const auto* found = find_asset(path);
  EXPECT_NE(found, nullptr) << path;
  return found == nullptr ? std::string() : std::string(found->content);
}

const char* const paths[] = {"/", "/dashboard.css", "/dashboard.js", "/icon.svg"};

TEST(dashboard, its_files_are_whole) {
  EXPECT_THAT(content("/"), ::testing::StartsWith("<!doctype html>"));
  EXPECT_THAT(content("/"), ::testing::EndsWith("</html>\n"));
  EXPECT_THAT(content("/dashboard.js"), ::testing::StartsWith("\"use strict\";\n"));
  EXPECT_THAT(content("/dashboard.js"), HasSubstr("“Token”"));
  EXPECT_THAT(content("/dashboard.js"), ::testing::EndsWith("\npoll();\n"));
  EXPECT_EQ(find_asset("/")->media_type, "text/html; charset=utf-8");
  EXPECT_EQ(find_asset("/other"), nullptr);
}

TEST(dashboard, asks_nobody_but_the_daemon) {
  for (const char* path : paths) {
    const auto text = std::regex_replace(content(path), std::regex("xmlns=\"[^\"]*\""), "");
    EXPECT_THAT(text, Not(HasSubstr("//fonts"))) << path;
    EXPECT_FALSE(std::regex_search(text, std::regex("https?://"))) << path;
  }
}

TEST(dashboard, lives_under_its_content_policy) {
  const auto page = content("/");
  EXPECT_FALSE(std::regex_search(page, std::regex("<script(?![^>]* src=)"))) << "a script inside the page";
  EXPECT_FALSE(std::regex_search(page, std::regex("<style|\\sstyle="))) << "a style inside the page";
  EXPECT_FALSE(std::regex_search(page, std::regex("\\son[a-z]+\\s*="))) << "a handler inside the page";
  EXPECT_THAT(page, Not(HasSubstr("data:")));
  const auto script = content("/dashboard.js");
  for (const char* word : {"eval(", "new Function", "setAttribute(\"style\"", ".style."})
    EXPECT_THAT(script, Not(HasSubstr(word)));
}

TEST(dashboard, makes_no_markup_of_what_it_is_told) {
  const auto script = content("/dashboard.js");
  for (const char* word : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser",
                           "createContextualFragment", "srcdoc", "localStorage"})
    EXPECT_THAT(script, Not(HasSubstr(word)));
}

TEST(dashboard, every_element_that_the_script_asks_for_is_there) {
  const auto page = content("/");
  const auto script = content("/dashboard.js");
  const std::regex asked(R"re(\$\("([a-z-]+)"\))re");
  int count = 0;
  for (std::sregex_iterator at(script.begin(), script.end(), asked), end; at != end; ++at, ++count)
    EXPECT_THAT(page, HasSubstr(" id=\"" + (*at)[1].str() + "\""));
  EXPECT_GT(count, 20);
}

TEST(dashboard, shows_every_way_in_which_an_event_ends) {
  const auto script = content("/dashboard.js");
  for (const char* count : {"delivered_total", "skipped_total", "superseded_total", "expired_total",
                            "discarded_total", "dead_letters", "backlog"})
    EXPECT_THAT(script, HasSubstr(count));
}

TEST(dashboard, brings_whatever_comes_in_pages_to_its_end) {
  const auto script = content("/dashboard.js");
  EXPECT_THAT(script, HasSubstr("moreButton(() => search("));
  EXPECT_THAT(script, HasSubstr("moreButton(() => showLetters("));
}

TEST(dashboard, warns_of_replaying_what_the_vendor_may_have) {
  EXPECT_THAT(content("/dashboard.js"), HasSubstr("reason === \"in_doubt\""));
}

TEST(dashboard, offers_no_change_that_would_do_nothing) {
  const auto script = content("/dashboard.js");
  for (const char* reason : {"disabled", "not in the configuration"})
    EXPECT_THAT(script, HasSubstr("\"" + std::string(reason) + "\""));
  EXPECT_THAT(script, HasSubstr("toggle.hidden = words !== \"\";"));
}

TEST(dashboard, finds_an_event_by_the_name_that_the_shop_gave_it) {
  EXPECT_THAT(content("/"), HasSubstr("<option value=\"id\">"));
  EXPECT_THAT(content("/dashboard.js"), HasSubstr("by === \"id\" ? sourceAndId(what)"));
}

TEST(dashboard, sends_no_token_that_no_header_can_hold) {
  EXPECT_THAT(content("/dashboard.js"), HasSubstr(R"(/^[\x21-\x7e]+$/)"));
}

TEST(dashboard, asks_for_a_token_only_where_one_helps) {
  const auto script = content("/dashboard.js");
  EXPECT_THAT(script, HasSubstr("const noTokens = \"" + std::string(http::no_token_configured) + "\";"));
  EXPECT_THAT(script, HasSubstr("if (failure.status === 401 && failure.reason !== noTokens)"));
}

TEST(dashboard, forgets_what_was_looked_for) {
  const auto script = content("/dashboard.js");
  const auto forget = script.substr(script.find("$(\"forget\")"));
  EXPECT_THAT(forget.substr(0, forget.find("});")), HasSubstr("$(\"what\").value = \"\";"));
}

TEST(dashboard, changes_no_more_of_a_group_than_it_shows) {
  EXPECT_THAT(content("/dashboard.js"),
              HasSubstr("return ids.length === many ? { ids } : { destination, reason, before };"));
}

TEST(dashboard, keeps_what_strangers_wrote_within_its_place) {
  const auto script = content("/dashboard.js"), style = content("/dashboard.css");
  for (const char* text : {"event.id || \"\"", "about", "each"})
    EXPECT_THAT(script, HasSubstr("el(\"bdi\", null, " + std::string(text) + ")"));
  EXPECT_THAT(style, HasSubstr("h1, h2, h3, p, li, .line, .notice, dialog { overflow-wrap: anywhere; }"));
  EXPECT_THAT(style, HasSubstr(".line > * { min-width: 0; }"));
}

TEST(dashboard, says_nothing_in_a_hover_alone) {
  EXPECT_THAT(content("/"), Not(HasSubstr(" title=")));
  EXPECT_THAT(content("/dashboard.js"), Not(HasSubstr("title:")));
}

TEST(dashboard, every_field_has_a_label) {
  const auto page = content("/");
  const std::regex field(R"re(<(input|select) id="([a-z-]+)")re");
  int count = 0;
  for (std::sregex_iterator at(page.begin(), page.end(), field), end; at != end; ++at, ++count)
    EXPECT_THAT(page, HasSubstr("<label for=\"" + (*at)[2].str() + "\""));
  EXPECT_EQ(count, 3);
}

}  // namespace
}  // namespace cartrelay::admin::testing
