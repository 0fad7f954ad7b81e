#include "daemon/usage_fault.hpp"

#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
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

using names = std::vector<std::string>;

/// Groups of options are commands without a name.
std::vector<const CLI::App*> parts_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

names commands_of(const CLI::App& app) {
  names out;
  for (const auto* part : parts_of(app))
    if (!part->get_name().empty()) out.push_back(part->get_name());
  return out;
}

names options_of(const CLI::App& app) {
  names out;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames())
      out.push_back("--" + name);
  for (const auto* part : parts_of(app))
    if (part->get_name().empty()) std::ranges::move(options_of(*part), std::back_inserter(out));
  return out;
}

std::string unknown(std::string_view what, std::string_view word, const names& all) {
  const std::vector<std::string_view> known(all.begin(), all.end());
  const auto meant = base::nearest(word, known);
  return fmt::format("unknown {} \"{}\"{}", what, word,
                     meant ? fmt::format("; did you mean \"{}\"?", *meant) : "");
}

/// Of a word that the parser had no use for.
std::string superfluous(const CLI::App& app, std::string_view word) {
  if (word.starts_with('-')) return unknown("option", word.substr(0, word.find('=')), options_of(app));
  if (app.get_require_subcommand_min() > 0) return unknown("command", word, commands_of(app));
  return fmt::format("\"{}\" is one word too many", word);
}

}  // namespace

std::string usage_fault(const CLI::App* app, const CLI::Error& fault) {
  const auto& asked = innermost(*app);
  // Where a word is misspelt something else is missing, which helps nobody.
  const auto rest = asked.remaining();
  if (rest.empty()) return CLI::FailureMessage::simple(app, fault);
  return superfluous(asked, rest.front()) + "\nRun with --help for more information.\n";
}

}  // namespace cartrelay::daemon
