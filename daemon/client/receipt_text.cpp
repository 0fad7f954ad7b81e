#include "daemon/client/receipt_text.hpp"

#include "daemon/client/member_text.hpp"
#include "daemon/client/visible.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cartrelay::daemon {
namespace {

using boost::json::value;

/// What the event is about: its order, else its cart.
std::string matter_of(const value& event) {
  const auto* data = find_member(event, "data");
  if (data == nullptr) return {};
  for (const auto* name : {"order", "cart"})
    if (const auto* object = find_member(*data, name))
      return fmt::format("{} {}", name, member_text(*object, "id"));
  return {};
}

std::string line_of(std::string_view label, const std::string& content) {
  return content.empty() ? std::string() : fmt::format("    {:<13}{}\n", label, content);
}

std::string attempts_of(const value& destination) {
  const auto* attempts = find_member(destination, "attempts");
  if (attempts == nullptr || attempts->at("count").to_number<std::uint64_t>() == 0) return {};
  const auto first = member_text(*attempts, "first_at");
  const auto last = member_text(*attempts, "last_at");
  return fmt::format("{}, {}{}", member_text(*attempts, "count"), first, first == last ? "" : " to " + last);
}

/// What became of an event at one destination, as a receipt and a dead letter have it.
std::string course_text(const value& destination) {
  std::string out;
  out += line_of("reason", member_text(destination, "reason"));
  out += line_of("detail", member_text(destination, "detail"));
  out += line_of("superseded by", member_text(destination, "superseded_by"));
  out += line_of("attempts", attempts_of(destination));
  out += line_of("request", member_text(destination, "request"));
  if (const auto* answer = find_member(destination, "answer")) {
    // Without a status none came, and the words are ours.
    const auto status = member_text(*answer, "status"), body = member_text(*answer, "body");
    out += status.empty() ? line_of("no answer", body) : line_of("answer", status + " " + body);
  }
  out += line_of("batch", member_text(destination, "batch"));
  out += line_of("results", member_text(destination, "results"));
  out += line_of("next attempt", member_text(destination, "next_attempt_at"));
  return out;
}

std::string destination_text(const value& destination) {
  return fmt::format("  {}: {}\n", member_text(destination, "destination"),
                     member_text(destination, "state")) +
         course_text(destination);
}

std::string names_text(const value& event) {
  auto out = fmt::format("  source {}  id {}\n", member_text(event, "source"), member_text(event, "id"));
  if (const auto subject = member_text(event, "subject"); !subject.empty())
    out += fmt::format("  subject {}\n", subject);
  return out;
}

}  // namespace

std::string receipt_line(const value& receipt) {
  const auto& event = receipt.at("event");
  std::string states;
  for (const auto& each : receipt.at("destinations").as_array())
    states += fmt::format("  {}: {}", member_text(each, "destination"), member_text(each, "state"));
  return fmt::format("{:>8}  {}  {:<17}  {}{}\n", member_text(receipt, "sequence"),
                     member_text(receipt, "received_at"), member_text(event, "type"), matter_of(event),
                     states.empty() ? "  routed nowhere" : states);
}

std::string dead_letter_line(const value& letter) {
  const auto* event = find_member(letter, "event");
  return fmt::format("{:<20}  {}  {:<19}  {:<16}  {}\n", member_text(letter, "id"), member_text(letter, "at"),
                     member_text(letter, "reason"), event == nullptr ? "" : matter_of(*event),
                     member_text(letter, "detail"));
}

std::string receipt_text(const value& receipt) {
  const auto& event = receipt.at("event");
  std::string out =
      fmt::format("event {}  {}  {}  {}\n", member_text(receipt, "sequence"), member_text(event, "type"),
                  matter_of(event), member_text(receipt, "received_at"));
  out += names_text(event);
  const auto& destinations = receipt.at("destinations").as_array();
  if (destinations.empty())
    out += "  routed nowhere: no enabled destination wanted it when it was accepted\n";
  for (const auto& each : destinations)
    out += destination_text(each);
  return out;
}

std::string dead_letter_text(const value& letter) {
  static_cast<void>(letter.at("id"));  // or it is no dead letter
  const auto* event = find_member(letter, "event");
  auto out =
      fmt::format("dead letter {}  {}  {}  {}\n", member_text(letter, "id"), member_text(letter, "type"),
                  event == nullptr ? "" : matter_of(*event), member_text(letter, "received_at"));
  if (event != nullptr && event->is_object()) out += names_text(*event);
  out += fmt::format("  {}: dead_letter since {}\n", member_text(letter, "destination"),
                     member_text(letter, "at"));
  out += course_text(letter);
  const auto* sent = find_member(letter, "evidence");
  const auto* headers = sent == nullptr ? nullptr : find_member(*sent, "headers");
  if (headers != nullptr && headers->is_object())
    for (const auto& field : headers->get_object())
      out +=
          line_of("header", fmt::format("{}: {}", visible(field.key()), member_text(*headers, field.key())));
  if (sent != nullptr) out += line_of("body", member_text(*sent, "body"));
  if (event != nullptr) out += line_of("event", member_text(letter, "event"));
  return out;
}

}  // namespace cartrelay::daemon
