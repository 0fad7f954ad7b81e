#include "base/text.hpp"
#include "daemon/client/daemon_client.hpp"
#include "daemon/client/list_pages.hpp"
#include "daemon/client/not_empty.hpp"
#include "daemon/client/receipt_text.hpp"
#include "daemon/client/report.hpp"
#include "daemon/client/visible.hpp"
#include "daemon/commands/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>

namespace cartrelay::daemon {
namespace {

struct condition {
  const char* option;
  const char* parameter;
  const char* meaning;
};
constexpr std::array<condition, 11> conditions{
    {{"--order-id", "order_id", "Events of this order"},
     {"--cart-id", "cart_id", "Events of this cart"},
     {"--customer", "customer", "Events of this customer: id, email or phone"},
     {"--subject", "subject", "Events with this subject"},
     {"--source", "source", "The event of this source with that --id"},
     {"--id", "id", "The event with this id, as the shop posted it; with --source, and nothing else"},
     {"--type", "type", "Events of this type, e.g. order.paid"},
     {"--destination", "destination", "Events routed to this destination"},
     {"--state", "state",
      "pending, retrying, delivered, skipped, superseded, expired, dead_letter, discarded"},
     {"--since", "since", "Received at or after (RFC 3339)"},
     {"--until", "until", "Received before (RFC 3339)"}}};

struct search_options {
  daemon_address where;
  std::array<std::string, conditions.size()> values;
  std::string cursor;
  std::size_t limit = 50;
  bool json = false;
};

list_request request_of(const search_options& options) {
  list_request out{"events", "/v1/events", "", options.limit, options.cursor};
  for (std::size_t i = 0; i < conditions.size(); ++i)
    if (!options.values[i].empty())
      out.conditions +=
          fmt::format("&{}={}", conditions[i].parameter, base::percent_encode(options.values[i]));
  return out;
}

std::string page_text(const boost::json::value& page) {
  std::string out;
  for (const auto& receipt : page.at("events").as_array())
    out += receipt_line(receipt);
  if (const auto& next = page.at("next_cursor"); next.is_string())
    out += fmt::format("more: --cursor {}\n", visible(next.get_string()));
  return out;
}

int search(const search_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  return show(get_list(*daemon, request_of(options)), options.json, page_text);
}

/// The words of a fault, or none.
std::string not_a_number(const std::string& text) {
  if (text.find_first_not_of("0123456789") == std::string::npos && !text.empty()) return {};
  return "it is a number, such as 402; find one by: cartrelay events --source S --id I";
}

struct receipt_options {
  daemon_address where;
  std::string sequence;
  bool json = false;
};

int show_one(const receipt_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  return show(daemon->get("/v1/events/" + base::percent_encode(options.sequence)), options.json,
              receipt_text);
}

}  // namespace

void add_events(CLI::App& app, int& outcome) {
  auto* events = app.add_subcommand("events", "Search what became of events, newest first");
  const auto search_for = std::make_shared<search_options>();
  search_for->where.add_options(*events);
  for (std::size_t i = 0; i < conditions.size(); ++i)
    events->add_option(conditions[i].option, search_for->values[i], conditions[i].meaning)
        ->check(not_empty());
  events->add_option("--cursor", search_for->cursor, "Where the page before ended")->check(not_empty());
  events->add_option("--limit", search_for->limit, "How many at most")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  events->add_flag("--json", search_for->json, "As the daemon sends it");
  events->footer(
      "Example: cartrelay events --order-id 1234\n"
      "         cartrelay events --source shop/bg --id paid-1234");
  events->callback([search_for, &outcome] { outcome = search(*search_for); });

  auto* event = app.add_subcommand("event", "What became of one event at every destination");
  const auto one = std::make_shared<receipt_options>();
  one->where.add_options(*event);
  event->add_option("SEQUENCE", one->sequence, "The sequence from the answer to the post, or from a search")
      ->required()
      ->check(CLI::Validator(not_a_number, ""));
  event->add_flag("--json", one->json, "As the daemon sends it");
  event->footer("Example: cartrelay event 1234");
  event->callback([one, &outcome] { outcome = show_one(*one); });
}

}  // namespace cartrelay::daemon
