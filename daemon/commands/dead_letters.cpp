#include "base/clock.hpp"
#include "base/counted.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "daemon/client/confirmation.hpp"
#include "daemon/client/daemon_client.hpp"
#include "daemon/client/destination_entry.hpp"
#include "daemon/client/list_pages.hpp"
#include "daemon/client/member_text.hpp"
#include "daemon/client/not_empty.hpp"
#include "daemon/client/receipt_text.hpp"
#include "daemon/client/report.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <optional>
#include <vector>

namespace cartrelay::daemon {
namespace {

constexpr std::size_t most_in_a_list = 500, most_ids_in_a_group = 1000;  // that a daemon answers

struct letter_options {
  daemon_address where;
  std::vector<std::string> ids;
  std::string destination, reason, before, cursor;
  std::optional<std::size_t> limit;
  bool group = false;
  bool json = false;
  bool yes = false;
};

std::string parameter(std::string_view name, const std::string& value) {
  return value.empty() ? value : fmt::format("&{}={}", name, base::percent_encode(value));
}

/// Of a query, behind its first parameter.
std::string conditions_of(const letter_options& options) {
  return parameter("destination", options.destination) + parameter("reason", options.reason) +
         parameter("before", options.before);
}

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

int list(const letter_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  const auto conditions = conditions_of(options);
  if (!options.group) {
    list_request asked{.member = "dead_letters",
                       .path = "/v1/dead-letters",
                       .conditions = conditions,
                       .cursor = options.cursor};
    if (options.limit) asked.limit = *options.limit;
    return show(get_list(*daemon, std::move(asked)), options.json, list_text);
  }
  std::string target = "/v1/dead-letters?group=reason" + conditions + parameter("cursor", options.cursor);
  if (options.limit) target += fmt::format("&limit={}", *options.limit);
  return show(daemon->get(target), options.json, groups_text);
}

int show_one(const letter_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  return show(daemon->get("/v1/dead-letters/" + base::percent_encode(options.ids.front())), options.json,
              dead_letter_text);
}

/// The body of a replay or a discard; empty if the options choose nothing.
std::string selection(const letter_options& options) {
  std::string body;
  base::json_writer json(body);
  json.begin_object();
  if (!options.ids.empty()) {
    json.key("ids").begin_array();
    for (const auto& id : options.ids)
      json.value(id);
    json.end_array();
  } else if (!options.destination.empty()) {
    json.member("destination", options.destination);
    if (!options.reason.empty()) json.member("reason", options.reason);
    if (!options.before.empty()) json.member("before", options.before);
  } else {
    return {};
  }
  json.end_object();
  return body;
}

std::uint64_t count_of(const boost::json::value& answer) {
  std::uint64_t out = 0;
  for (const auto& group : answer.at("groups").as_array())
    out += group.at("count").to_number<std::uint64_t>();
  return out;
}

/// The counts of those that the conditions choose.
base::result<daemon_client::answer> ask_for_counts(const daemon_client& daemon,
                                                   const letter_options& options) {
  return daemon.get("/v1/dead-letters?group=reason&limit=1" + conditions_of(options));
}

/// Of a destination that was removed the backlog goes too, unless a condition makes it a matter of dead
/// letters.
std::string backlog_words(const daemon_client& daemon, const letter_options& options) {
  if (!options.reason.empty() || !options.before.empty()) return {};
  const auto entry = destination_entry(daemon, options.destination);
  if (member_text(entry, "reason") != "not in the configuration") return {};
  return fmt::format(" and, since it is not in the configuration, its whole backlog ({})",
                     base::counted(entry.at("backlog").to_number<std::uint64_t>(), "event"));
}

/// While a person thinks, more may come that nobody has shown them: what goes is what is there by now, as far
/// as the clocks agree. The backlog of a destination that was removed has no such bound, and gets nothing
/// new.
std::string until_now(const letter_options& options, const std::string& backlog) {
  if (options.destination.empty() || !options.before.empty() || !backlog.empty()) return options.before;
  return base::format_rfc3339_micros(base::system_clock().now());
}

/// Of the ids that were given: those that are no dead letters, and how many may be at the vendor already.
struct named_letters {
  std::vector<std::string> missing;
  std::uint64_t in_doubt = 0;
};

named_letters look_at(const daemon_client& daemon, const std::vector<std::string>& ids) {
  named_letters out;
  for (const auto& id : ids) {
    const auto came = daemon.get("/v1/dead-letters/" + base::percent_encode(id));
    if (!came) break;
    if (came->status == 404) out.missing.push_back(id);
    if (!succeeded(came)) continue;
    const auto doubtful = read_answer(
        *came, [](const boost::json::value& letter) { return member_text(letter, "reason") == "in_doubt"; });
    if (doubtful && *doubtful) ++out.in_doubt;
  }
  return out;
}

/// Of those that the conditions choose. What cannot be asked is not known: the replay itself says why.
std::uint64_t chosen_in_doubt(const daemon_client& daemon, letter_options options) {
  if (options.reason.empty()) options.reason = "in_doubt";
  if (options.reason != "in_doubt") return 0;
  const auto came = ask_for_counts(daemon, options);
  if (!succeeded(came)) return 0;
  const auto letters = read_answer(*came, count_of);
  return letters ? *letters : 0;
}

/// How a replay ends if what the vendor may have already may not be sent again.
std::optional<int> unconfirmed_replay(std::uint64_t in_doubt, bool asks) {
  if (in_doubt == 0) return std::nullopt;
  const auto stakes = fmt::format(
      "{} in_doubt: the vendor may have {} already, so look there first; a replay "
      "may send or confirm {} twice",
      base::counted(in_doubt, "dead letter"), in_doubt == 1 ? "it" : "them", in_doubt == 1 ? "it" : "them");
  if (asks) return refused(stakes, "replayed");
  fmt::print(stderr, "cartrelay: {}\n", stakes);
  return std::nullopt;
}

/// How the command ends if what was chosen may not be discarded. `bounded`: the same, without what comes
/// later; `backlog`: the words of what goes with it.
std::optional<int> unconfirmed(const daemon_client& daemon, const letter_options& options,
                               const letter_options& bounded, const std::string& backlog) {
  if (!options.ids.empty())
    return refused(base::counted(options.ids.size(), "dead letter") + " will be discarded", "discarded");
  const auto came = ask_for_counts(daemon, bounded);
  if (!succeeded(came)) return report(came);
  const auto letters = read_answer(*came, count_of);
  if (!letters) return report(letters.error());
  const auto stakes = fmt::format("{} of {}{}{}{} will be discarded", base::counted(*letters, "dead letter"),
                                  options.destination, options.reason.empty() ? "" : ", " + options.reason,
                                  options.before.empty() ? "" : ", from before " + options.before, backlog);
  return refused(stakes, "discarded");
}

int change(const letter_options& options, const std::string& verb, const std::string& done) {
  if (selection(options).empty()) {
    fmt::print(stderr, "cartrelay: say which: IDs, or --destination with or without --reason and --before\n");
    return exit_usage;
  }
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  // A script that says which knows what it does.
  const bool asks = !options.yes && ::isatty(STDIN_FILENO) != 0;
  auto bounded = options;
  const auto backlog = asks && !options.destination.empty() ? backlog_words(*daemon, options) : std::string();
  if (asks) bounded.before = until_now(options, backlog);
  const auto named = look_at(*daemon, options.ids);
  std::optional<int> end;
  if (verb == "replay")
    end = unconfirmed_replay(options.ids.empty() ? chosen_in_doubt(*daemon, bounded) : named.in_doubt, asks);
  else if (asks && options.ids.size() != 1)
    end = unconfirmed(*daemon, options, bounded, backlog);
  if (end) return *end;
  const auto came = daemon->post("/v1/dead-letters/" + verb, selection(bounded));
  return show(came, false, [&](const boost::json::value& answer) {
    if (!named.missing.empty())
      fmt::print(stderr, "cartrelay: not found among the dead letters: {}\n", fmt::join(named.missing, ", "));
    return fmt::format("{} {}\n", answer.at(done).to_number<std::uint64_t>(), done);
  });
}

void add_change(CLI::App& parent, int& outcome, const std::string& verb, const std::string& done,
                const std::string& description) {
  auto* command = parent.add_subcommand(verb, description);
  const auto options = std::make_shared<letter_options>();
  options->where.add_options(*command);
  auto* ids = command->add_option("ID", options->ids, "These dead letters")->check(not_empty());
  command->add_option("--destination", options->destination, "All of this destination")
      ->excludes(ids)
      ->check(not_empty());
  command->add_option("--reason", options->reason, "… with this reason")->excludes(ids)->check(not_empty());
  command->add_option("--before", options->before, "… dead-lettered before (RFC 3339)")
      ->excludes(ids)
      ->check(not_empty());
  command->add_flag("--yes", options->yes,
                    verb == "discard" ? "Do not ask; it does so on a terminal, where more than one goes"
                                      : "Do not ask; it does so on a terminal, where one is in_doubt");
  command->footer(
      fmt::format("Example: cartrelay dead-letters {} --destination rokt --reason rejected", verb));
  command->callback([options, verb, done, &outcome] { outcome = change(*options, verb, done); });
}

}  // namespace

void add_dead_letters(CLI::App& app, int& outcome) {
  auto* letters = app.add_subcommand("dead-letters",
                                     "Events that a vendor refused for good: look, try again, or give up");
  letters->require_subcommand(1);
  letters->footer("Example: cartrelay dead-letters list --group");

  auto* lists = letters->add_subcommand("list", "List them");
  const auto listed = std::make_shared<letter_options>();
  listed->where.add_options(*lists);
  lists->add_option("--destination", listed->destination, "Of this destination")->check(not_empty());
  lists->add_option("--reason", listed->reason, "With this reason")->check(not_empty());
  lists->add_option("--before", listed->before, "Dead-lettered before (RFC 3339)")->check(not_empty());
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
  const auto shown = std::make_shared<letter_options>();
  shown->where.add_options(*shows);
  shows->add_option("ID", shown->ids, "The dead letter")->required()->expected(1)->check(not_empty());
  shows->add_flag("--json", shown->json, "As the daemon sends it");
  shows->footer("Example: cartrelay dead-letters show rokt-1234");
  shows->callback([shown, &outcome] { outcome = show_one(*shown); });

  add_change(*letters, outcome, "replay", "replayed",
             "Put them back as new work for their destination. What is in_doubt the vendor may have already: "
             "look there first, for it may be sent or confirmed twice");
  add_change(*letters, outcome, "discard", "discarded",
             "Give them up; they stay on the receipt. --destination alone, of one that is not in the "
             "configuration any more, also gives up its backlog");
}

}  // namespace cartrelay::daemon
