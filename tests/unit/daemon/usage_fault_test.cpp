#include "daemon/usage_fault.hpp"

#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <vector>

namespace cartrelay::daemon::testing {
namespace {

using ::testing::StartsWith;

/// The words of a command line, the last first, as the parser wants them; '' is an empty one.
std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string word; in >> word;)
    out.insert(out.begin(), word == "''" ? "" : word);
  return out;
}

/// What is said of this command line, which has to be wrong.
std::string refusal(const std::string& line) {
  CLI::App app("", "cartrelay");
  app.require_subcommand(1);
  int outcome = exit_ok;
  add_commands(app, outcome);
  try {
    app.parse(words_of(line));
  } catch (const CLI::ParseError& fault) {
    return usage_fault(&app, fault);
  }
  return "taken";
}

TEST(usage_fault, names_a_command_that_nobody_knows) {
  EXPECT_EQ(refusal("nope"), "unknown command \"nope\"\nRun with --help for more information.\n");
  EXPECT_THAT(refusal("stat --url http://127.0.0.1:1"),
              StartsWith("unknown command \"stat\"; did you mean \"status\"?\n"));
  EXPECT_THAT(refusal("dead-leters list"),
              StartsWith("unknown command \"dead-leters\"; did you mean \"dead-"));
  EXPECT_THAT(refusal("dead-letters lst"), StartsWith("unknown command \"lst\"; did you mean \"list\"?\n"));
  EXPECT_THAT(refusal("-v"), StartsWith("unknown option \"-v\"\n"));
}

TEST(usage_fault, is_the_parsers_own_elsewhere) {
  EXPECT_THAT(refusal(""), StartsWith("A subcommand is required\n"));
  EXPECT_THAT(refusal("dead-letters"), StartsWith("A subcommand is required\n"));
  EXPECT_THAT(refusal("check"), StartsWith("--config is required\n"));
}

TEST(usage_fault, names_an_option_that_nobody_knows) {
  EXPECT_THAT(refusal("status --nope"), StartsWith("unknown option \"--nope\"\n"));
  EXPECT_THAT(refusal("status --nope=5"), StartsWith("unknown option \"--nope\"\n"));
  EXPECT_THAT(refusal("serve --confg x"),
              StartsWith("unknown option \"--confg\"; did you mean \"--config\"?\n"));
  EXPECT_THAT(refusal("erase --emial a@b.c"),
              StartsWith("unknown option \"--emial\"; did you mean \"--email\"?\n"));
}

TEST(usage_fault, names_the_first_word_too_many) {
  EXPECT_THAT(refusal("check file"), StartsWith("\"file\" is one word too many\n"));
  EXPECT_THAT(refusal("send a b c"), StartsWith("\"b\" is one word too many\n"));
}

TEST(usage_fault, is_an_empty_value_of_what_chooses) {
  for (const char* option : {"--order-id", "--cart-id", "--customer", "--subject", "--type", "--destination",
                             "--state", "--since", "--until", "--cursor"})
    EXPECT_THAT(refusal(std::string("events --url http://127.0.0.1:1 ") + option + " ''"),
                StartsWith(option + std::string(": is empty\n")));
  for (const char* option : {"--destination", "--reason", "--before"})
    for (const char* command : {"list", "replay", "discard"})
      EXPECT_THAT(
          refusal(std::string("dead-letters ") + command + " --url http://127.0.0.1:1 " + option + " ''"),
          StartsWith(option + std::string(": is empty\n")));
  for (const char* option : {"--id", "--email", "--phone"})
    EXPECT_THAT(refusal(std::string("erase --yes --url http://127.0.0.1:1 ") + option + " ''"),
                StartsWith(option + std::string(": is empty\n")));
  EXPECT_THAT(refusal("dead-letters discard --url http://127.0.0.1:1 ''"), StartsWith("ID: is empty\n"));
  EXPECT_THAT(refusal("pause --url http://127.0.0.1:1 ''"), StartsWith("NAME: is empty\n"));
  EXPECT_THAT(refusal("status --url ''"), StartsWith("--url: is empty\n"));
}

}  // namespace
}  // namespace cartrelay::daemon::testing
