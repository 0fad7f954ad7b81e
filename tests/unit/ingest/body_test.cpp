#include "ingest/body.hpp"

#include "tests/unit/ingest/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::ingest::testing {
namespace {

std::optional<body_form> form(const std::string& type) {
  return form_of(post("", type));
}

TEST(body, media_types_in_any_case) {
  EXPECT_EQ(form("application/json"), body_form(event::encoding::json));
  EXPECT_EQ(form("Application/JSON"), body_form(event::encoding::json));
  EXPECT_EQ(form("application/cloudevents+json"), body_form(event::encoding::structured));
  EXPECT_EQ(form("application/cloudevents-batch+json"), body_form(event::encoding::batch));
  EXPECT_EQ(form("application/x-ndjson"), body_form(event::encoding::ndjson));
}

TEST(body, a_charset_has_to_be_utf_8) {
  for (const char* type : {"application/json;charset=utf-8", "application/json; charset=UTF-8",
                           "application/json ; profile=x; charset=\"utf-8\"", "application/json; profile=x",
                           "application/json;"})
    EXPECT_EQ(form(type), body_form(event::encoding::json)) << type;
  for (const char* type : {"application/json; charset=utf-16", "application/json; charset=\"latin1\"",
                           "application/json; profile=x; charset=us-ascii"})
    EXPECT_FALSE(form(type)) << type;
}

TEST(body, what_is_not_taken) {
  for (const char* type :
       {"", "text/plain", "application/jsonx", "application", "json", ";", "multipart/form-data"})
    EXPECT_FALSE(form(type)) << type;
}

http::request binary() {
  auto out = post(R"({"page":{"url":"/"}})");
  out.headers.add("ce-specversion", "1.0");
  out.headers.add("CE-Id", "caf%C3%A9");
  out.headers.add("ce-source", "shop/bg");
  out.headers.add("ce-type", "page.viewed");
  return out;
}

TEST(body, ce_fields_make_it_binary_mode) {
  EXPECT_EQ(form_of(binary()), body_form(binary_mode{}));
  const auto events = read_events(binary(), binary_mode{}, 1, arrival, {});
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 1u);
  EXPECT_EQ(events->front().id, "café");
  EXPECT_EQ(events->front().type, event::event_type::page_viewed);
}

TEST(body, ce_fields_beside_a_structured_event_are_passed_over) {
  auto what = with(binary(), "Content-Type", "application/cloudevents+json");
  EXPECT_EQ(form_of(what), body_form(event::encoding::structured));
}

TEST(body, a_malformed_escape_in_a_field_is_left_as_it_stands) {
  const auto events = read_events(with(binary(), "CE-Id", "100%"), binary_mode{}, 1, arrival, {});
  ASSERT_TRUE(events);
  EXPECT_EQ(events->front().id, "100%");
}

TEST(body, a_field_in_quotes_loses_them_before_escapes_are_decoded) {
  const auto subject = [](const std::string& written) {
    const auto events = read_events(with(binary(), "ce-subject", written), binary_mode{}, 1, arrival, {});
    return events ? std::string(*events->front().subject) : "refused";
  };
  EXPECT_EQ(subject(R"("a b")"), "a b");
  EXPECT_EQ(subject(R"("a \"b\" \\ \c")"), R"(a "b" \ c)");
  EXPECT_EQ(subject(R"("caf%C3%A9 %22x%22")"), R"(café "x")");
  EXPECT_EQ(subject(R"(%22a b%22)"), R"("a b")");
  EXPECT_EQ(subject(R"("")"), "");
  for (const char* as_it_stands : {R"(")", R"("a)", R"(a")", R"(a "b" c)", R"("a" "b")", R"("a\")"})
    EXPECT_EQ(subject(as_it_stands), as_it_stands);
}

TEST(body, faults_of_binary_mode_are_told_like_all_others) {
  const auto events = read_events(with(binary(), "ce-type", "page.vewed"), binary_mode{}, 1, arrival, {});
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().list.front().pointer, "/type");
}

TEST(body, ndjson_is_an_event_a_line) {
  const auto what = post(page_view("1") + "\n\n" + page_view("2") + "\n", "application/x-ndjson");
  const auto events = read_events(what, event::encoding::ndjson, 10, arrival, {});
  ASSERT_TRUE(events);
  EXPECT_EQ(events->size(), 2u);
}

}  // namespace
}  // namespace cartrelay::ingest::testing
