#include "base/base64.hpp"
#include "base/json_writer.hpp"
#include "destinations/registry.hpp"
#include "dispatch/attempt.hpp"
#include "event/parse.hpp"
#include "moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Vendors that answer with the request they were sent. Asked of every kind there is, so that a new one is
/// asked too.
namespace cartrelay::dispatch {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view secret = "s3c/r3t+of=the/vendor";
constexpr std::string_view token = "t0k/3n+of=the/issuer";

constexpr std::array happened{
    R"({"id":"1","source":"shop/bg","type":"order.paid","data":{"customer":{"id":"c","email":"a@b.bg"},)"
    R"("order":{"id":"77","cart_id":"5","currency":"EUR","total":"10.50","items":[{"product_id":"p","unit_price":"10.50"}]}}})",
    R"({"id":"2","source":"shop/bg","type":"cart.item_added","data":{"customer":{"id":"c"},)"
    R"("session":{"id":"s","market":"BG"},"refs":{"elevate":{"customer_key":"ck","session_key":"sk"}},)"
    R"("cart":{"id":"5","currency":"EUR"},"item":{"product_id":"p","refs":{"elevate":{"ticket":"t"}}}}})"};

destinations::options options_of(const destinations::kind& kind) {
  auto out = kind.defaults;
  out.name = out.kind = std::string(kind.name);
  if (out.url.empty()) out.url = "https://vendor.test";
  for (const auto& setting : kind.settings) {
    auto value = setting.fallback;
    if (setting.holds == destinations::setting_description::type::text && setting.name != "time_zone" &&
        setting.name != "token_url" && setting.name != "client_id")
      value = std::string("bg");
    out.own.emplace(std::string(setting.name), std::move(value));
  }
  if (kind.secret != destinations::kind::secret_need::none) out.secret = base::secret(secret);
  return out;
}

/// The request's head as a program writes it that escapes slashes, and as it came.
std::string echo(const http::request& sent) {
  std::string json;
  base::json_writer out(json);
  out.begin_object();
  for (const auto& [name, value] : sent.headers)
    out.member(name, value);
  out.end_object();
  std::string escaped;
  for (const char c : json)
    escaped.append(c == '/' ? "\\" : "").push_back(c);
  return escaped + sent.body + json;
}

attempt_result attempt_at(destinations::destination& where, const destinations::options& given,
                          const event::event& what, int status) {
  batch alone;
  alone.numbers = {1};
  alone.memos = {{}};
  attempt made(alone, {std::make_shared<event::event>(what)}, {}, where, masking(given), "mark", at(0s));
  for (auto request = made.next(at(0s)); request; request = made.next(at(0s))) {
    if (request->body.find("client_credentials") != std::string::npos)
      made.take(
          http::json_response(200, R"({"access_token":")" + std::string(token) + R"(","expires_in":60})"),
          at(0s));
    else
      made.take(http::response{status, {}, echo(*request)}, at(0s));
  }
  return made.result();
}

void expect_nothing_secret(const attempt_result& came, const std::string& where) {
  auto words = came.answer + came.evidence + came.request;
  for (const auto& judged : came.judgements)
    words += judged.detail + judged.results + judged.memo;
  EXPECT_THAT(came.answer, HasSubstr("***")) << where << ": the credential was not quoted";
  std::erase(words, '\\');
  EXPECT_THAT(words, Not(HasSubstr(std::string(secret)))) << where;
  EXPECT_THAT(words, Not(HasSubstr(std::string(token)))) << where;
  EXPECT_THAT(words, Not(HasSubstr(base::base64_encode("cartrelay:" + std::string(secret))))) << where;
}

void echo_at_every_status(const destinations::options& given) {
  auto where = std::move(destinations::find_kind(given.kind)->make(given).value());
  std::size_t sent = 0;
  for (const auto* json : happened) {
    const auto parsed = event::parse_body(json, event::encoding::json, 1, at(0s).wall, {});
    ASSERT_TRUE(parsed) << json;
    const auto& what = parsed.value().front();
    if (where->screen(what).what != destinations::screening::outcome::send) continue;
    ++sent;
    for (const int status : {200, 202, 400, 401, 403, 422, 429, 500, 502})
      expect_nothing_secret(attempt_at(*where, given, what, status),
                            given.kind + " " + std::to_string(status));
  }
  EXPECT_GT(sent, 0u) << given.kind << ": no event that it would send";
}

TEST(echo, of_a_credential_is_shown_nowhere_whatever_the_kind) {
  for (const auto& kind : destinations::kinds())
    if (kind.secret != destinations::kind::secret_need::none) echo_at_every_status(options_of(kind));
}

TEST(echo, of_a_fetched_token_is_shown_nowhere) {
  auto given = options_of(*destinations::find_kind("reloadify"));
  given.secret = {};
  given.own["client_id"] = std::string("shop-1");
  given.own["client_secret"] = base::secret(secret);
  echo_at_every_status(given);
}

}  // namespace
}  // namespace cartrelay::dispatch
