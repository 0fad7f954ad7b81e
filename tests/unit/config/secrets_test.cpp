#include "tests/unit/config/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::config::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string tokens(std::string_view list) {
  return "[admin]\ntokens = [\n" + std::string(list) + "\n]\n";
}

TEST(secrets, from_a_file_without_its_last_line_break) {
  const scratch_folder files;
  const auto path = files.write("token", "from a file\n");
  const auto read = accepted(tokens("{ file = \"" + path + "\" }"));
  EXPECT_THAT(read.admin.tokens, ElementsAre(base::secret("from a file")));
}

TEST(secrets, names_of_nothing) {
  EXPECT_THAT(
      refusal(tokens("{ env = \"\" },\n{ file = \"\" }")),
      ElementsAre("f.toml:3: admin.tokens[0].env: is empty", "f.toml:4: admin.tokens[1].file: is empty"));
}

TEST(secrets, from_the_environment) {
  const environment variable("CARTRELAY_TEST_SECRET", "from the environment");
  const auto read = accepted(tokens("{ env = \"CARTRELAY_TEST_SECRET\" }"));
  EXPECT_THAT(read.admin.tokens, ElementsAre(base::secret("from the environment")));
}

TEST(secrets, from_a_credential_of_systemd) {
  const scratch_folder files;
  files.write("admin-token", "from systemd");
  const environment folder("CREDENTIALS_DIRECTORY", files.path().string());
  const auto read = accepted(tokens("{ credential = \"admin-token\" }"));
  EXPECT_THAT(read.admin.tokens, ElementsAre(base::secret("from systemd")));
}

TEST(secrets, several_are_valid_at_once) {
  const environment one("CARTRELAY_TEST_SECRET", "one");
  const environment two("CARTRELAY_TEST_OTHER", "two");
  const auto read =
      accepted(tokens("{ env = \"CARTRELAY_TEST_SECRET\" },\n{ env = \"CARTRELAY_TEST_OTHER\" }"));
  EXPECT_THAT(read.admin.tokens, ElementsAre(base::secret("one"), base::secret("two")));
}

TEST(secrets, what_cannot_be_read_is_told_by_its_place) {
  const scratch_folder files;
  const auto empty = files.write("empty", "\n");
  EXPECT_THAT(
      refusal(tokens("{ env = \"CARTRELAY_NOT_SET\" },\n{ file = \"/nowhere/token\" },\n{ file = \"" + empty +
                     "\" },\n{ file = \"" + files.path().string() + "\" },\n{ credential = \"c\" }")),
      ElementsAre("f.toml:3: admin.tokens[0]: environment variable CARTRELAY_NOT_SET is not set",
                  "f.toml:4: admin.tokens[1]: cannot read /nowhere/token: No such file or directory",
                  "f.toml:5: admin.tokens[2]: " + empty + " is empty",
                  AllOf(StartsWith("f.toml:6: admin.tokens[3]: cannot read "), HasSubstr("folder")),
                  AllOf(StartsWith("f.toml:7: admin.tokens[4]: credential c: "), HasSubstr("systemd"))));
}

TEST(secrets, that_are_no_secret_by_their_size) {
  EXPECT_THAT(refusal(tokens("{ file = \"/dev/zero\" }")),
              ElementsAre("f.toml:3: admin.tokens[0]: cannot read /dev/zero: it is larger than 64KiB"));
}

TEST(secrets, in_places_that_cannot_be_looked_at_are_told_like_the_others) {
  const scratch_folder files;
  const auto loop = (files.path() / "loop").string();
  std::filesystem::create_symlink("loop", loop);
  const auto long_name = (files.path() / std::string(300, 'a')).string();
  EXPECT_THAT(
      refusal(tokens("{ file = \"" + loop + "\" },\n{ file = \"" + long_name + "\" }")),
      ElementsAre("f.toml:3: admin.tokens[0]: cannot read " + loop + ": Too many levels of symbolic links",
                  "f.toml:4: admin.tokens[1]: cannot read " + long_name + ": File name too long"));
}

TEST(secrets, a_token_that_no_header_can_hold_is_refused_and_not_repeated) {
  const scratch_folder files;
  for (const char* content : {"hunter2\n\n", " hunter2", "hunter2 ", "hun\nter2", "hunter2\xd0\xb0"}) {
    const auto path = files.write("token", content);
    EXPECT_THAT(refusal(tokens("{ file = \"" + path + "\" }")),
                ElementsAre(AllOf(StartsWith("f.toml:3: admin.tokens[0]: holds characters"),
                                  Not(HasSubstr("hunter2")))))
        << content;
  }
  EXPECT_THAT(accepted(tokens("{ file = \"" + files.write("good", "hunter2\r\n") + "\" }")).admin.tokens,
              ElementsAre(base::secret("hunter2")));
}

TEST(secrets, one_in_the_file_itself_is_refused_and_not_repeated) {
  EXPECT_THAT(refusal(tokens("\"hunter2-hunter2\"")),
              ElementsAre(AllOf(StartsWith("f.toml:3: admin.tokens[0]: expected { file ="),
                                Not(HasSubstr("hunter2")))));
  EXPECT_THAT(refusal("[[destinations]]\nname = \"r\"\nkind = \"releva\"\nsecret = \"hunter2\"\n"),
              ElementsAre(AllOf(StartsWith("f.toml:4: destinations[0].secret: expected { file ="),
                                Not(HasSubstr("hunter2")))));
}

TEST(secrets, a_source_is_one_of_three) {
  for (const char* source : {"{}", "{ path = \"x\" }", "{ file = 1 }", "{ file = \"a\", env = \"b\" }"})
    EXPECT_THAT(refusal(tokens(source)),
                ElementsAre(StartsWith("f.toml:3: admin.tokens[0]: expected { file =")))
        << source;
}

TEST(secrets, a_source_that_is_misspelt_is_named) {
  EXPECT_THAT(refusal(tokens("{ fil = \"hunter2\" }")),
              ElementsAre("f.toml:3: admin.tokens[0].fil: unknown key, did you mean \"file\"?"));
  EXPECT_THAT(
      refusal(tokens("{ Credentials = \"c\" }")),
      ElementsAre("f.toml:3: admin.tokens[0].Credentials: unknown key, did you mean \"credential\"?"));
}

}  // namespace
}  // namespace cartrelay::config::testing
