#include "base/clock.hpp"
#include "http/certificate.hpp"
#include "tests/unit/config/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>

namespace cartrelay::config::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct wrong {
  const char* text;
  const char* message;  ///< its beginning
};
void PrintTo(const wrong& which, std::ostream* out) {
  *out << which.text;
}

class one_fault : public ::testing::TestWithParam<wrong> {};

TEST_P(one_fault, is_told_with_line_and_key) {
  EXPECT_THAT(refusal(GetParam().text), ElementsAre(StartsWith(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    wrong_kind, one_fault,
    ::testing::Values(
        wrong{"[ingest]\nlisten = \"127.0.0.1:1\"", "f.toml:2: ingest.listen: expected an array of strings"},
        wrong{"[ingest]\nlisten = [1]",
              "f.toml:2: ingest.listen: expected an array of strings, found an integer in it"},
        wrong{"[ingest]\nrequest_timeout = \"3651d\"",
              "f.toml:2: ingest.request_timeout: expected a duration such as \"250ms\", \"30s\", \"10m\", "
              "\"72h\" or "
              "\"7d\", at most 3650d"},
        wrong{"[ingest]\nmax_body = \"99999TiB\"",
              "f.toml:2: ingest.max_body: expected a size such as \"512KiB\", \"1MiB\" or \"10GiB\": the "
              "units are KiB, MiB "
              "and GiB"},
        wrong{"[ingest]\ntokens = \"x\"",
              "f.toml:2: ingest.tokens: expected an array of secrets, found a string"},
        wrong{"[ingest]\nallow_plaintext = \"yes\"",
              "f.toml:2: ingest.allow_plaintext: expected true or false"},
        wrong{"[ingest]\nmax_events_per_request = \"7\"",
              "f.toml:2: ingest.max_events_per_request: expected an integer, found a string"},
        wrong{"[ingest]\nmax_events_per_request = 7.0",
              "f.toml:2: ingest.max_events_per_request: expected an integer, found a number with a point"},
        wrong{"[queue]\npath = 1", "f.toml:2: queue.path: expected a string, found an integer"},
        wrong{"[log]\nlevel = 3", "f.toml:2: log.level: expected a string, found an integer"},
        wrong{"ingest = 1", "f.toml:1: ingest: expected a table, found an integer"},
        wrong{"[destinations]\nname = \"x\"", "f.toml:1: destinations: expected an array of tables"},
        wrong{"destinations = [1]", "f.toml:1: destinations: expected an array of tables"}));

INSTANTIATE_TEST_SUITE_P(
    out_of_range, one_fault,
    ::testing::Values(
        wrong{"[ingest]\nlisten = []", "f.toml:2: ingest.listen: expected at least one address"},
        wrong{"[ingest]\nlisten = [\"shop.example:80\"]",
              "f.toml:2: ingest.listen: \"shop.example:80\": expected an IP"},
        wrong{"[ingest]\nlisten = [\"127.0.0.1\"]",
              "f.toml:2: ingest.listen: \"127.0.0.1\": expected ADDRESS:PORT"},
        wrong{"[ingest]\nlisten = [\"127.0.0.1:70000\"]",
              "f.toml:2: ingest.listen: \"127.0.0.1:70000\": expected a port"},
        wrong{"[ingest]\nlisten = [\"unix:run/x\"]",
              "f.toml:2: ingest.listen: \"unix:run/x\": expected an absolute"},
        wrong{"[ingest]\nmax_events_per_request = 0",
              "f.toml:2: ingest.max_events_per_request: 0 is out of range"},
        wrong{"[ingest]\nmax_events_per_request = -1",
              "f.toml:2: ingest.max_events_per_request: -1 is out of range"},
        wrong{"[ingest]\nmax_body = \"1MB\"", "f.toml:2: ingest.max_body: expected a size such as"},
        wrong{"[ingest]\nmax_body = -5", "f.toml:2: ingest.max_body: expected a size such as"},
        wrong{"[ingest]\nmax_body = \"1\"", "f.toml:2: ingest.max_body: 1 is too small: at least 1KiB"},
        wrong{"[ingest]\nmax_body = \"5GiB\"", "f.toml:2: ingest.max_body: 5GiB is too large: at most 1GiB"},
        wrong{"[ingest]\nrequest_timeout = \"30\"",
              "f.toml:2: ingest.request_timeout: expected a duration such as"},
        wrong{"[ingest]\nrequest_timeout = 30",
              "f.toml:2: ingest.request_timeout: expected a duration such as"},
        wrong{"[ingest]\nrequest_timeout = \"1ms\"", "f.toml:2: ingest.request_timeout: 1ms is too short"},
        wrong{"[queue]\npath = \"\"", "f.toml:2: queue.path: expected a folder"},
        wrong{"[queue]\nengine = \"sqlite\"",
              "f.toml:2: queue.engine: \"sqlite\" is none of: rocksdb, memory"},
        wrong{"[log]\nlevel = \"\"",
              "f.toml:2: log.level: \"\" is none of: trace, debug, info, warning, error"},
        wrong{"[log]\nlevel = \"verbose\"", "f.toml:2: log.level: \"verbose\" is none of"},
        wrong{"[log]\nformat = \"xml\"", "f.toml:2: log.format: \"xml\" is none of: auto, text, json"}));

INSTANTIATE_TEST_SUITE_P(
    unknown, one_fault,
    ::testing::Values(
        wrong{"[ingset]\n", "f.toml:1: ingset: unknown key, did you mean \"ingest\"?"},
        wrong{"[ingest]\nlisen = []", "f.toml:2: ingest.lisen: unknown key, did you mean \"listen\"?"},
        wrong{"[queue]\nmaxsize = 1", "f.toml:2: queue.maxsize: unknown key, did you mean \"max_size\"?"},
        wrong{"[admin]\nunknown_members = \"keep\"",
              "f.toml:2: admin.unknown_members: unknown key; known here:"},
        wrong{"[shutdown]\nelephants = 1", "f.toml:2: shutdown.elephants: unknown key; known here: drain"}));

INSTANTIATE_TEST_SUITE_P(
    exposed, one_fault,
    ::testing::Values(
        wrong{"[ingest]\nallow_plaintext = true\nlisten = [\"0.0.0.0:8470\"]",
              "f.toml:3: ingest.listen: \"0.0.0.0:8470\" can be reached from other machines: tokens are "
              "needed"},
        wrong{"[admin]\nallow_plaintext = true\nlisten = [\"127.0.0.1:1\", \"[::]:1\"]",
              "f.toml:3: admin.listen: \"[::]:1\" can be reached from other machines: tokens are needed"}));

}  // namespace

TEST(faults, beyond_this_machine_both_a_token_and_tls_are_asked_for) {
  EXPECT_THAT(
      refusal("[ingest]\nlisten = [\"192.0.2.1:80\"]"),
      ElementsAre(HasSubstr("tokens are needed"), HasSubstr("tls_certificate and tls_key are needed")));
}

TEST(faults, with_a_token_and_plaintext_allowed_it_may_be_served) {
  const environment token("CARTRELAY_TEST_SECRET", "0123456789abcdef");
  const auto read = accepted(
      "[ingest]\nlisten = [\"192.0.2.1:80\"]\nallow_plaintext = true\n"
      "tokens = [{ env = \"CARTRELAY_TEST_SECRET\" }]");
  EXPECT_TRUE(read.ingest.allow_plaintext);
  EXPECT_EQ(read.ingest.tokens.size(), 1u);
}

TEST(faults, with_a_token_and_tls_it_may_be_served) {
  const scratch_folder files;
  const environment token("CARTRELAY_TEST_SECRET", "0123456789abcdef");
  const auto pair = http::make_authority("test");
  const auto certificate = files.write("cert.pem", pair.certificate);
  const auto key = files.write("key.pem", pair.key);
  const auto read = accepted(
      "[admin]\nlisten = [\"192.0.2.1:80\"]\ntokens = [{ env = \"CARTRELAY_TEST_SECRET\" }]\n"
      "tls_certificate = \"" +
      certificate + "\"\ntls_key = \"" + key + "\"");
  EXPECT_EQ(read.admin.server.tls_key, key);
}

TEST(faults, unix_sockets_and_loopback_need_neither) {
  EXPECT_THAT(
      refusal("[admin]\nlisten = [\"unix:/run/a.sock\", \"127.0.0.9:1\", \"[::1]:2\", \"localhost:3\"]"),
      ElementsAre());
}

TEST(faults, a_certificate_without_its_key) {
  const scratch_folder files;
  const auto path = files.write("cert.pem", "x");
  EXPECT_THAT(refusal("[ingest]\ntls_certificate = \"" + path + "\""),
              ElementsAre("f.toml:2: ingest.tls_certificate: tls_certificate and tls_key go together"));
  EXPECT_THAT(refusal("[ingest]\ntls_key = \"" + path + "\""),
              ElementsAre("f.toml:2: ingest.tls_key: tls_certificate and tls_key go together"));
}

TEST(faults, a_certificate_that_cannot_be_read) {
  EXPECT_THAT(refusal("[admin]\ntls_certificate = \"/nowhere/c.pem\"\ntls_key = \"/\""),
              ElementsAre("f.toml:2: admin.tls_certificate: \"/nowhere/c.pem\" is no file that can be read",
                          "f.toml:3: admin.tls_key: \"/\" is no file that can be read"));
}

TEST(faults, a_certificate_that_is_none_by_its_size) {
  const scratch_folder files;
  const auto key = files.write("key.pem", "x");
  const auto huge = files.write("huge", "x");
  std::filesystem::resize_file(huge, std::uintmax_t(1) << 30);
  EXPECT_THAT(refusal("[admin]\ntls_certificate = \"" + huge + "\"\ntls_key = \"" + key + "\""),
              Contains("f.toml:2: admin.tls_certificate: cannot read " + huge + ": it is larger than 16MiB"));
}

std::string with_tls(const std::string& certificate, const std::string& key) {
  return "[admin]\ntls_certificate = \"" + certificate + "\"\ntls_key = \"" + key + "\"";
}

TEST(faults, a_certificate_or_key_that_holds_something_else) {
  const scratch_folder files;
  const auto pair = http::make_authority("one"), other = http::make_authority("other");
  const auto certificate = files.write("cert.pem", pair.certificate), key = files.write("key.pem", pair.key);
  const auto garbage = files.write("garbage.pem", "x"), foreign = files.write("foreign.pem", other.key);
  EXPECT_THAT(refusal(with_tls(certificate, key)), ElementsAre());
  EXPECT_THAT(
      refusal(with_tls(garbage, key)),
      ElementsAre(StartsWith("f.toml:2: admin.tls_certificate: cannot use the certificate " + garbage)));
  EXPECT_THAT(refusal(with_tls(certificate, garbage)),
              ElementsAre(StartsWith("f.toml:3: admin.tls_key: cannot use the key " + garbage)));
  EXPECT_THAT(refusal(with_tls(certificate, foreign)), ElementsAre(StartsWith("f.toml:3: admin.tls_key: ")));
}

TEST(faults, a_key_of_endless_parts_is_no_end_of_the_reader) {
  std::string deep = "# first\na";
  for (int part = 0; part < 100'000; ++part)
    deep += ".a";
  EXPECT_THAT(refusal(deep + " = 1\n"), ElementsAre("f.toml:2: more than 1000 dots in a key"));
}

TEST(faults, each_is_one_line_whatever_the_file_holds) {
  EXPECT_THAT(refusal("[log]\nlevel = \"a\\nb\\u001b[31m\"\n[\"\\u0007\"]\n"),
              ElementsAre(StartsWith(R"(f.toml:2: log.level: "a\x0ab\x1b[31m" is none of: )"),
                          StartsWith(R"(f.toml:3: \x07: unknown key)")));
}

TEST(faults, a_key_without_a_name_has_its_line) {
  EXPECT_THAT(refusal("[log]\nlevel = \"info\"\n\"\" = 1"),
              ElementsAre(StartsWith("f.toml:3: log.\"\": unknown key; known here: ")));
}

TEST(faults, names_that_the_system_would_cut) {
  EXPECT_THAT(refusal("[queue]\npath = \"/a\\u0000b\"\n[ingest]\nlisten = [\"unix:/a\\u0000b\"]\n"
                      "tls_key = \"/a\\u0000b\"\ntokens = [{ env = \"HOME\\u0000\" }]"),
              ElementsAre("f.toml:2: queue.path: holds a NUL, which ends a name",
                          R"(f.toml:4: ingest.listen: "unix:/a\x00b": the path holds a NUL, which ends it)",
                          "f.toml:5: ingest.tls_key: holds a NUL, which ends a name",
                          "f.toml:6: ingest.tokens[0]: holds a NUL, which ends a name"));
}

TEST(faults, a_certificate_that_has_expired_keeps_nobody_from_serving) {
  using std::chrono::days;
  const scratch_folder files;
  const auto now = base::system_clock().now();
  const auto pair = http::make_server_certificate(http::make_authority("one"),
                                                  {{"a.test"}, {}, now - days(9), now - days(2)});
  const auto with = with_tls(files.write("cert.pem", pair.certificate), files.write("key.pem", pair.key));
  const auto warnings = accepted(with).warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_THAT(warnings[0].message(), StartsWith("f.toml:2: admin.tls_certificate: it expired on 20"));
  EXPECT_THAT(refusal(with + "\nbeyond = 1"), ElementsAre(warnings[0].message(), HasSubstr("beyond")))
      << "every fault is told";
}

TEST(faults, addresses_that_exclude_each_other) {
  EXPECT_THAT(
      refusal("[ingest]\nlisten = [\"127.0.0.1:8471\"]"),
      ElementsAre("f.toml:2: ingest.listen: \"127.0.0.1:8471\": [admin] listens on \"127.0.0.1:8471\""));
  EXPECT_THAT(refusal("[ingest]\nlisten = [\"unix:/run/a\"]\n[admin]\nlisten = [\"unix:/run/a\"]"),
              ElementsAre("f.toml:4: admin.listen: \"unix:/run/a\": [ingest] listens on \"unix:/run/a\""));
  EXPECT_THAT(
      refusal("[ingest]\nlisten = [\"127.0.0.1:1\", \"localhost:1\"]"),
      ElementsAre("f.toml:2: ingest.listen: \"127.0.0.1:1\" and \"localhost:1\" cannot both be listened on"));
  EXPECT_THAT(refusal("[ingest]\nlisten = [\"127.0.0.1:0\", \"127.0.0.1:0\"]\n"
                      "[admin]\nlisten = [\"127.0.0.1:0\"]"),
              ElementsAre());
}

TEST(faults, all_are_told_at_once_in_the_order_of_the_file) {
  EXPECT_THAT(refusal("[queue]\nenjine = 1\n[log]\nlevel = \"x\"\n[ingest]\nmax_connections = 0\n"),
              ElementsAre(StartsWith("f.toml:2: queue.enjine"), StartsWith("f.toml:4: log.level"),
                          StartsWith("f.toml:6: ingest.max_connections")));
}

TEST(faults, broken_toml_is_told_with_its_line) {
  EXPECT_THAT(refusal("[queue]\npath = "), ElementsAre(StartsWith("f.toml:2: ")));
  EXPECT_THAT(refusal("[queue]\n[queue]\n"), ElementsAre(StartsWith("f.toml:2: ")));
  EXPECT_THAT(refusal("a = \"\xff\""), ElementsAre(StartsWith("f.toml:1: ")));
}

TEST(faults, a_file_that_is_not_there_or_is_a_folder) {
  const scratch_folder files;
  const auto absent = load((files.path() / "none.toml").string());
  ASSERT_FALSE(absent);
  EXPECT_THAT(absent.error().front().message(), HasSubstr("none.toml: cannot be read: No such file"));
  const auto folder = load(files.path().string());
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().front().message(), HasSubstr("cannot be read: it is a folder"));
}

TEST(faults, a_file_is_read_like_a_text) {
  const scratch_folder files;
  const auto path = files.write("c.toml", "[queue]\nengine = \"memory\"\n");
  const auto read = load(path);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->queue.engine, "memory");
}

}  // namespace cartrelay::config::testing
