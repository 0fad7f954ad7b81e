#include "daemon/commands/dead_letter_changes.hpp"

#include "base/clock.hpp"
#include "base/counted.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "daemon/client/confirmation.hpp"
#include "daemon/client/destination_entry.hpp"
#include "daemon/client/member_text.hpp"
#include "daemon/client/not_empty.hpp"
#include "daemon/client/report.hpp"
#include "daemon/exit_code.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <memory>
#include <optional>

namespace cartrelay::daemon {
namespace {

struct change_options {
  letter_choice which;
  bool yes = false;
};

std::string parameter(std::string_view name, const std::string& value) {
  return value.empty() ? value : fmt::format("&{}={}", name, base::percent_encode(value));
}

/// The body of a replay or a discard; empty if the options choose nothing.
std::string selection(const letter_choice& which) {
  std::string body;
  base::json_writer json(body);
  json.begin_object();
  if (!which.ids.empty()) {
    json.key("ids").begin_array();
    for (const auto& id : which.ids)
      json.value(id);
    json.end_array();
  } else if (!which.destination.empty()) {
    json.member("destination", which.destination);
    if (!which.reason.empty()) json.member("reason", which.reason);
    if (!which.before.empty()) json.member("before", which.before);
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
base::result<daemon_client::answer> ask_for_counts(const daemon_client& daemon, const letter_choice& which) {
  return daemon.get("/v1/dead-letters?group=reason&limit=1" + conditions_of(which));
}

/// Of a destination that was removed the backlog goes too, unless a condition makes it a matter of dead
/// letters.
std::string backlog_words(const daemon_client& daemon, const letter_choice& which) {
  if (which.destination.empty() || !which.reason.empty() || !which.before.empty()) return {};
  const auto entry = destination_entry(daemon, which.destination);
  if (member_text(entry, "reason") != "not in the configuration") return {};
  return fmt::format(" and, since it is not in the configuration, its whole backlog ({})",
                     base::counted(entry.at("backlog").to_number<std::uint64_t>(), "event"));
}

/// While a person thinks, more may come that nobody has shown them: what goes is what is there by now, as far
/// as the clocks agree.
letter_choice up_to_now(letter_choice which) {
  if (!which.destination.empty() && which.before.empty())
    which.before = base::format_rfc3339_micros(base::system_clock().now());
  return which;
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
std::uint64_t chosen_in_doubt(const daemon_client& daemon, letter_choice which) {
  if (which.reason.empty()) which.reason = "in_doubt";
  if (which.reason != "in_doubt") return 0;
  const auto came = ask_for_counts(daemon, which);
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
std::optional<int> unconfirmed_discard(const daemon_client& daemon, const letter_choice& which,
                                       const letter_choice& bounded, const std::string& backlog) {
  if (which.ids.size() == 1) return std::nullopt;
  if (!which.ids.empty())
    return refused(base::counted(which.ids.size(), "dead letter") + " will be discarded", "discarded");
  const auto came = ask_for_counts(daemon, bounded);
  if (!succeeded(came)) return report(came);
  const auto letters = read_answer(*came, count_of);
  if (!letters) return report(letters.error());
  const auto stakes = fmt::format("{} of {}{}{}{} will be discarded", base::counted(*letters, "dead letter"),
                                  which.destination, which.reason.empty() ? "" : ", " + which.reason,
                                  which.before.empty() ? "" : ", from before " + which.before, backlog);
  return refused(stakes, "discarded");
}

/// A script that says which knows what it does.
bool asks_first(const change_options& options) {
  return !options.yes && ::isatty(STDIN_FILENO) != 0;
}

int say_which() {
  fmt::print(stderr, "cartrelay: say which: IDs, or --destination with or without --reason and --before\n");
  return exit_usage;
}

/// `verb`: the last part of the path; `done`: the member of the answer that says how many.
int change(const daemon_client& daemon, const letter_choice& which, std::string_view verb,
           std::string_view done, const std::vector<std::string>& missing) {
  const auto came = daemon.post(fmt::format("/v1/dead-letters/{}", verb), selection(which));
  const int outcome = show(came, false, [&](const boost::json::value& answer) {
    if (!missing.empty())
      fmt::print(stderr, "cartrelay: not found among the dead letters: {}\n", fmt::join(missing, ", "));
    return fmt::format("{} {}\n", answer.at(done).to_number<std::uint64_t>(), done);
  });
  const bool found_none = !missing.empty() && missing.size() == which.ids.size();
  return found_none ? exit_failure : outcome;
}

int replay(const change_options& options) {
  if (selection(options.which).empty()) return say_which();
  const auto daemon = daemon_client::find(options.which.where, listener::admin);
  if (!daemon) return report(daemon.error());
  const bool asks = asks_first(options);
  const auto which = asks ? up_to_now(options.which) : options.which;
  const auto named = look_at(*daemon, which.ids);
  const auto in_doubt = which.ids.empty() ? chosen_in_doubt(*daemon, which) : named.in_doubt;
  if (const auto end = unconfirmed_replay(in_doubt, asks)) return *end;
  return change(*daemon, which, "replay", "replayed", named.missing);
}

int discard(const change_options& options) {
  if (selection(options.which).empty()) return say_which();
  const auto daemon = daemon_client::find(options.which.where, listener::admin);
  if (!daemon) return report(daemon.error());
  auto which = options.which;
  if (asks_first(options)) {
    // The backlog of a destination that was removed has no such bound, and gets nothing new.
    const auto backlog = backlog_words(*daemon, which);
    if (backlog.empty()) which = up_to_now(which);
    if (const auto end = unconfirmed_discard(*daemon, options.which, which, backlog)) return *end;
  }
  return change(*daemon, which, "discard", "discarded", look_at(*daemon, which.ids).missing);
}

using run_change = int (*)(const change_options&);

void add_change(CLI::App& parent, int& outcome, run_change run, const std::string& verb,
                const std::string& description, const std::string& when_it_asks) {
  auto* command = parent.add_subcommand(verb, description);
  const auto options = std::make_shared<change_options>();
  auto& which = options->which;
  which.where.add_options(*command);
  auto* ids = command->add_option("ID", which.ids, "These dead letters")->check(not_empty());
  command->add_option("--destination", which.destination, "All of this destination")
      ->excludes(ids)
      ->check(not_empty());
  command->add_option("--reason", which.reason, "… with this reason")->excludes(ids)->check(not_empty());
  command->add_option("--before", which.before, "… dead-lettered before (RFC 3339)")
      ->excludes(ids)
      ->check(not_empty());
  command->add_flag("--yes", options->yes, "Do not ask; it does so on a terminal, where " + when_it_asks);
  command->footer(
      fmt::format("Example: cartrelay dead-letters {} --destination rokt --reason rejected\n"
                  "Ends with 1 if none of the IDs is a dead letter, and if the answer to the question is no.",
                  verb));
  command->callback([options, run, &outcome] { outcome = run(*options); });
}

}  // namespace

std::string conditions_of(const letter_choice& which) {
  return parameter("destination", which.destination) + parameter("reason", which.reason) +
         parameter("before", which.before);
}

void add_replay(CLI::App& parent, int& outcome) {
  add_change(parent, outcome, replay, "replay",
             "Put them back as new work for their destination. What is in_doubt the vendor may have already: "
             "look there first, for it may be sent or confirmed twice",
             "one is in_doubt");
}

void add_discard(CLI::App& parent, int& outcome) {
  add_change(parent, outcome, discard, "discard",
             "Give them up; they stay on the receipt. --destination alone, of one that is not in the "
             "configuration any more, also gives up its backlog",
             "more than one goes");
}

}  // namespace cartrelay::daemon
