#include "daemon/usage_fault.hpp"

#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>

namespace cartrelay::daemon::testing {
namespace {

using ::testing::StartsWith;

/// What is said of this command line, which has to be wrong.
std::string refusal(const std::string& words) {
  CLI::App app("", "cartrelay");
  app.require_subcommand(1);
  int outcome = exit_ok;
  add_commands(app, outcome);
  try {
    app.parse(words);
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
  EXPECT_THAT(refusal("status --nope"), StartsWith("The following argument was not expected: --nope\n"));
}

}  // namespace
}  // namespace cartrelay::daemon::testing
