#include "dispatch/narrator.hpp"

#include "base/counted.hpp"
#include "event/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace cartrelay::dispatch {
namespace {

using base::log::level;

constexpr std::chrono::seconds gathering{10};

struct fate {
  level at;
  std::string_view words;
};

/// Nothing: the attempt says nothing of the event.
std::optional<fate> fate_of(consequence what) {
  switch (what) {
    case consequence::delivered:
      return fate{level::debug, "is delivered"};
    case consequence::dead_letter:
      return fate{level::warning, "is a dead letter"};
    case consequence::smaller_batch:
      return fate{level::info, "was refused with others, and goes in a smaller batch"};
    case consequence::again:
      return fate{level::info, "is tried again"};
    case consequence::superseded:
      return fate{level::debug, "gives way to a newer snapshot"};
    case consequence::untried:
    case consequence::erased:
      break;
  }
  return std::nullopt;
}

/// What is said then comes from this machine: the network's words, and no vendor's.
bool never_arrived(const destinations::judgement& judged) {
  return judged.reason == "dns" || judged.reason == "connect" || judged.reason == "tls";
}

/// `what`: nothing if it cannot be read.
std::string begin(const destinations::options& given, queue::sequence number, const event::event* what) {
  auto words = fmt::format("destination {}: event {} ", given.name, number);
  if (what != nullptr) words += fmt::format("({}) ", event::to_string(what->type));
  return words;
}

void append_trace(std::string& words, const event::event* what, bool as_sent) {
  if (what == nullptr) return;
  if (const auto id = event::trace_id(*what); !id.empty()) words += fmt::format(", trace {}", id);
  if (as_sent && what->trace_parent) words += fmt::format(", traceparent \"{}\"", *what->trace_parent);
  if (as_sent && what->trace_state) words += fmt::format(", tracestate \"{}\"", *what->trace_state);
}

}  // namespace

std::vector<narrator::line> narrator::after(const destinations::options& given, const batch& what,
                                            const std::vector<event::event_ptr>& events,
                                            const attempt_result& came, const std::vector<consequence>& fates,
                                            base::steady_time now, bool detailed) {
  std::vector<line> out;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto& judged = came.judgements.at(i);
    const auto known = fate_of(fates.at(i));
    if (!known || (known->at == level::debug && !detailed)) continue;
    if (known->at != level::debug && !admit(given, now, detailed, out)) continue;
    const auto* event = events[i].get();
    auto words = begin(given, what.numbers.at(i), event).append(known->words);
    if (!judged.reason.empty()) words += fmt::format(": {}", judged.reason);
    if (came.status != 0) words += fmt::format(", status {}", came.status);
    if (never_arrived(judged)) words += fmt::format(" ({})", judged.detail);
    append_trace(words, event, known->at == level::debug);
    out.push_back({known->at, std::move(words)});
  }
  return out;
}

std::vector<narrator::line> narrator::dead_letter(const destinations::options& given, queue::sequence number,
                                                  const event::event* what, std::string_view reason,
                                                  base::steady_time now, bool detailed) {
  std::vector<line> out;
  if (!admit(given, now, detailed, out)) return out;
  auto words = begin(given, number, what).append("is a dead letter: ").append(reason);
  append_trace(words, what, false);
  out.push_back({level::warning, std::move(words)});
  return out;
}

bool narrator::admit(const destinations::options& given, base::steady_time now, bool detailed,
                     std::vector<line>& out) {
  if (detailed) return true;
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    lines_ = 0;
  }
  if (lines_ == most_lines) {
    ++left_out_;
    return false;
  }
  ++lines_;
  if (left_out_ > 0) out.push_back(rest(given));
  return true;
}

narrator::line narrator::rest(const destinations::options& given) {
  return {level::warning,
          fmt::format("destination {}: {} more events failed, and were not told of one by one", given.name,
                      std::exchange(left_out_, 0))};
}

std::vector<narrator::line> narrator::overdue(const destinations::options& given, base::steady_time now,
                                              bool at_the_end) {
  std::vector<line> out;
  if (left_out_ > 0 && (at_the_end || now >= second_ + gathering)) out.push_back(rest(given));
  if (const auto count = expired_.take(now, at_the_end); count > 0)
    out.push_back({level::warning,
                   fmt::format("destination {}: {} expired, older than max_age ({})", given.name,
                               base::counted(count, "event"), base::format_duration(given.retry.max_age))});
  if (const auto count = in_doubt_.take(now, at_the_end); count > 0)
    out.push_back(
        {level::warning, fmt::format("destination {}: {} may have been sent when the daemon ended, and must "
                                     "not be sent twice: dead letters (in_doubt)",
                                     given.name, base::counted(count, "event"))});
  return out;
}

base::steady_time narrator::due() const noexcept {
  const auto at = left_out_ > 0 ? second_ + gathering : base::steady_time::max();
  return std::min({at, expired_.due(), in_doubt_.due()});
}

base::steady_time narrator::tally::due() const noexcept {
  return count > 0 ? told + gathering : base::steady_time::max();
}

std::size_t narrator::tally::take(base::steady_time now, bool at_the_end) noexcept {
  if (count == 0 || (!at_the_end && now < due())) return 0;
  told = now;
  return std::exchange(count, 0);
}

}  // namespace cartrelay::dispatch
