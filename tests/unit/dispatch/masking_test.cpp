#include "dispatch/masking.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

using testing::HasSubstr;
using testing::Not;

destinations::options with_secrets() {
  destinations::options out;
  out.secret = base::secret("s3cr\"t/key");
  out.own["client_secret"] = base::secret("s3cr\"t/key and more");
  out.own["language"] = std::string("bg");
  return out;
}

TEST(masking, hides_every_secret_wherever_and_however_it_is_written) {
  const masking subject(with_secrets());
  EXPECT_EQ(subject.text("a s3cr\"t/key b"), "a *** b");
  EXPECT_EQ(subject.text("a s3cr\"t/key and more b"), "a *** b") << "the longest first";
  EXPECT_EQ(subject.text(R"({"x":"s3cr\"t/key"})"), R"({"x":"***"})");
  EXPECT_EQ(subject.text("?key=s3cr%22t%2Fkey&a=b"), "?key=***&a=b");
  EXPECT_EQ(subject.text("bg stays, and so does s3cr"), "bg stays, and so does s3cr");
}

TEST(masking, hides_the_beginning_of_a_secret_that_was_cut) {
  const masking subject(with_secrets());
  EXPECT_EQ(subject.text("the key s3cr\"t/ke"), "the key ***");
  EXPECT_EQ(subject.text("the key s3cr\"t/key an"), "the key ***");
  EXPECT_EQ(subject.text("s3cr\"t"), "***");
}

TEST(masking, hides_tokens_in_answers_that_it_never_saw_before) {
  const masking subject((destinations::options()));
  EXPECT_EQ(subject.text(R"({"access_token" : "ey.J\"0","expires_in":3600})"),
            R"({"access_token" : "***","expires_in":3600})");
  EXPECT_EQ(subject.text(R"({"client_secret":"a","refresh_token":"b","id_token":"c"})"),
            R"({"client_secret":"***","refresh_token":"***","id_token":"***"})");
  EXPECT_EQ(subject.text(R"({"access_token":null})"), R"({"access_token":null})");
  EXPECT_EQ(subject.text(R"(cut off: {"access_token":"ey)"), R"(cut off: {"access_token":"***)");
}

TEST(masking, hides_what_a_request_carried_once_it_has_seen_it) {
  masking subject((destinations::options()));
  http::request sent;
  sent.headers.add("authorization", "Basic dTpzM2NyL3Q=");
  sent.headers.add("X-Vendor-Token", "t0k/en");
  sent.headers.add("Content-Type", "application/json");
  sent.body = "t0k/en";
  EXPECT_EQ(subject.text("t0k/en"), "t0k/en");
  subject.learn(sent);
  EXPECT_EQ(subject.text(R"({"Authorization":"Basic dTpzM2NyL3Q=","a":"t0k\/en"})"),
            R"({"Authorization":"Basic ***","a":"***"})");
  EXPECT_EQ(subject.request(sent).headers.find("x-vendor-token"), "***");
  EXPECT_EQ(subject.request(sent).headers.find("content-type"), "application/json");
  EXPECT_EQ(subject.request(sent).body, "***");
}

TEST(masking, hides_values_of_json_and_leaves_it_json) {
  destinations::options given;
  given.secret = base::secret("1/a");
  const masking subject(given);
  EXPECT_EQ(subject.json(R"({"1/a":[1,"1/a","x\"1\/a"],"b":{}})"), R"({"1/a":[1,"***","x\"***"],"b":{}})");
  EXPECT_EQ(subject.json(""), "");
  EXPECT_EQ(subject.json("[1]"), "[1]");
}

TEST(masking, hides_what_credential_headers_say) {
  const masking subject(with_secrets());
  http::request what;
  what.method = "POST";
  what.target = "https://vendor.test/a?key=s3cr\"t/key";
  what.headers.add("authorization", "Basic b64");
  what.headers.add("Rokt-Api-Key", "anything");
  what.headers.add("X-Other", "holds s3cr\"t/key");
  what.headers.add("Content-Type", "application/json");
  what.body = "{}";
  const auto shown = subject.request(what);
  EXPECT_EQ(shown.target, "https://vendor.test/a?key=***");
  EXPECT_EQ(shown.headers.find("Authorization"), "***");
  EXPECT_EQ(shown.headers.find("rokt-api-key"), "***");
  EXPECT_EQ(shown.headers.find("X-Other"), "holds ***");
  EXPECT_EQ(shown.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(subject.evidence(what),
            R"({"method":"POST","url":"https://vendor.test/a?key=***","headers":{"authorization":"***",)"
            R"("Rokt-Api-Key":"***","X-Other":"holds ***","Content-Type":"application/json"},"body":"{}"})");
}

TEST(masking, cuts_a_body_that_is_too_long_between_characters) {
  const masking subject((destinations::options()));
  http::request what;
  what.body = std::string(masking::longest_body - 1, 'x') + "é and the rest";
  const auto evidence = subject.evidence(what);
  EXPECT_THAT(evidence, HasSubstr("x\",\"body_bytes\":" + std::to_string(what.body.size()) + "}"));
  EXPECT_THAT(evidence, Not(HasSubstr("\xc3")));
}

TEST(masking, a_summary_says_where_and_nothing_more) {
  http::request what;
  what.method = "PUT";
  what.target = "https://vendor.test/carts/1?token=x";
  EXPECT_EQ(summary(what), "PUT https://vendor.test/carts/1");
}

}  // namespace
}  // namespace cartrelay::dispatch
