#include "base/text.hpp"
#include "daemon/client/daemon_client.hpp"
#include "daemon/client/list_pages.hpp"
#include "daemon/client/member_text.hpp"
#include "daemon/client/not_empty.hpp"
#include "daemon/client/receipt_text.hpp"
#include "daemon/client/report.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/dead_letter_changes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <optional>
#include <vector>

namespace cartrelay::daemon {
namespace {

constexpr std::size_t most_in_a_list = 500, most_ids_in_a_group = 1000;  // that a daemon answers

struct list_options {
  letter_choice which;
  std::string cursor;
  std::optional<std::size_t> limit;
  bool group = false;
  bool json = false;
};

struct show_options {
  daemon_address where;
  std::string id;
  bool json = false;
};

std::string groups_text(const boost::json::value& answer) {
  const auto& groups = answer.at("groups").as_array();
  if (groups.empty()) return {};
  auto out = fmt::format("{:<20} {:<24} {:>8}\n", "DESTINATION", "REASON", "COUNT");
  for (const auto& group : groups)
    out += fmt::format("{:<20} {:<24} {:>8}\n", member_text(group, "destination"),
                       member_text(group, "reason"), member_text(group, "count"));
  return out;
}

std::string list_text(const boost::json::value& answer) {
  std::string out;
  for (const auto& letter : answer.at("dead_letters").as_array())
    out += dead_letter_line(letter);
  if (const auto next = member_text(answer, "next_cursor"); !next.empty())
    out += fmt::format("more: --cursor {}\n", next);
  return out;
}

int list(const list_options& options) {
  const auto daemon = daemon_client::find(options.which.where, listener::admin);
  if (!daemon) return report(daemon.error());
  const auto conditions = conditions_of(options.which);
  if (!options.group) {
    list_request asked{.member = "dead_letters",
                       .path = "/v1/dead-letters",
                       .conditions = conditions,
                       .cursor = options.cursor};
    if (options.limit) asked.limit = *options.limit;
    return show(get_list(*daemon, std::move(asked)), options.json, list_text);
  }
  auto target = "/v1/dead-letters?group=reason" + conditions;
  if (!options.cursor.empty()) target += "&cursor=" + base::percent_encode(options.cursor);
  if (options.limit) target += fmt::format("&limit={}", *options.limit);
  return show(daemon->get(target), options.json, groups_text);
}

int show_one(const show_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  return show(daemon->get("/v1/dead-letters/" + base::percent_encode(options.id)), options.json,
              dead_letter_text);
}

}  // namespace

void add_dead_letters(CLI::App& app, int& outcome) {
  auto* letters = app.add_subcommand("dead-letters",
                                     "Events that a vendor refused for good: look, try again, or give up");
  letters->require_subcommand(1);
  letters->footer("Example: cartrelay dead-letters list --group");

  auto* lists = letters->add_subcommand("list", "List them");
  const auto listed = std::make_shared<list_options>();
  listed->which.where.add_options(*lists);
  lists->add_option("--destination", listed->which.destination, "Of this destination")->check(not_empty());
  lists->add_option("--reason", listed->which.reason, "With this reason")->check(not_empty());
  lists->add_option("--before", listed->which.before, "Dead-lettered before (RFC 3339)")->check(not_empty());
  lists
      ->add_option(
          "--limit", listed->limit,
          "How many at most: 50 if it is not said, up to 500. With --group how many ids of each group "
          "--json has: 1000")
      ->check(CLI::Range(std::size_t(1), most_ids_in_a_group));
  lists->add_option("--cursor", listed->cursor, "Where the page before ended")->check(not_empty());
  lists->add_flag("--group", listed->group, "Counts by destination and reason");
  lists->add_flag("--json", listed->json, "As the daemon sends it");
  lists->footer("Example: cartrelay dead-letters list --destination rokt");
  lists->callback([listed, &outcome] {
    if (!listed->group && listed->limit > most_in_a_list)
      throw CLI::ValidationError("--limit", fmt::format("without --group at most {}", most_in_a_list));
    outcome = list(*listed);
  });

  auto* shows = letters->add_subcommand("show", "One, with the request, the answer and the attempts");
  const auto shown = std::make_shared<show_options>();
  shown->where.add_options(*shows);
  shows->add_option("ID", shown->id, "The dead letter")->required()->check(not_empty());
  shows->add_flag("--json", shown->json, "As the daemon sends it");
  shows->footer("Example: cartrelay dead-letters show rokt-1234");
  shows->callback([shown, &outcome] { outcome = show_one(*shown); });

  add_replay(*letters, outcome);
  add_discard(*letters, outcome);
}

}  // namespace cartrelay::daemon
