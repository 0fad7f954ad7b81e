#include "daemon/usage_fault.hpp"

#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace cartrelay::daemon {
namespace {

/// The application itself, or the command that was chosen, or the command of that one.
const CLI::App& innermost(const CLI::App& app) {
  const auto* at = &app;
  for (auto chosen = at->get_subcommands(); !chosen.empty(); chosen = at->get_subcommands())
    at = chosen.front();
  return *at;
}

std::string unknown(const CLI::App& app, const std::string& word) {
  if (word.starts_with('-')) return fmt::format("unknown option \"{}\"", word);
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto meant = base::nearest(word, known);
  return fmt::format("unknown command \"{}\"{}", word,
                     meant ? fmt::format("; did you mean \"{}\"?", *meant) : "");
}

}  // namespace

std::string usage_fault(const CLI::App* app, const CLI::Error& fault) {
  const auto& asked = innermost(*app);
  const auto rest = asked.remaining();
  if (asked.get_require_subcommand_min() == 0 || rest.empty()) return CLI::FailureMessage::simple(app, fault);
  return unknown(asked, rest.front()) + "\nRun with --help for more information.\n";
}

}  // namespace cartrelay::daemon
