#include "queue/match.hpp"
#include "queue/memory/tables.hpp"

#include <algorithm>
#include <iterator>

namespace cartrelay::queue::memory {

read_batch tables::read(sequence after, const read_limits& limits) const {
  read_batch out;
  out.position = after;
  std::size_t bytes = 0;
  for (auto at = log.upper_bound(after); at != log.end(); ++at) {
    if (out.records.size() >= limits.max_records || (!out.records.empty() && bytes >= limits.max_bytes))
      return out;
    if (at->second.stored.empty()) continue;  // erased
    bytes += at->second.stored.size();
    out.records.push_back(at->second);
    out.position = at->first;
  }
  out.position = std::max(after, next - 1);
  out.at_end = true;
  return out;
}

std::optional<record> tables::fetch(sequence number) const {
  if (const auto found = log.find(number); found != log.end() && !found->second.stored.empty())
    return found->second;
  for (const auto& [id, each] : units)
    if (const auto copy = copies.find({id, number}); copy != copies.end()) return copy->second;
  return std::nullopt;
}

std::vector<receipt_line> tables::lines(const record& event) const {
  std::vector<receipt_line> out;
  for (const auto id : event.routed) {
    receipt_line line;
    line.destination = id;
    const place here{id, event.number};
    if (const auto dead = dead_letters.find(here); dead != dead_letters.end())
      line.ended = dead->second;
    else if (const auto ended = ends.find(here); ended != ends.end())
      line.ended = ended->second;
    else if (const auto waits = exceptions.find(here); waits != exceptions.end())
      line.waiting = waits->second;
    out.push_back(std::move(line));
  }
  return out;
}

std::optional<receipt> tables::find(sequence number) const {
  auto event = fetch(number);
  if (!event) return std::nullopt;
  if (const auto logged = log.find(number); logged == log.end() || logged->second.stored.empty()) {
    event->routed.clear();
    for (const auto& [id, each] : units)
      if (copies.contains({id, number})) event->routed.push_back(id);
  }
  auto told = lines(*event);
  return receipt{std::move(*event), std::move(told)};
}

receipt_page tables::search(const receipt_query& query) const {
  receipt_page page;
  auto at = std::make_reverse_iterator(query.before ? log.lower_bound(*query.before) : log.end());
  for (; at != log.rend(); ++at) {
    const auto& event = at->second;
    if (event.stored.empty() || !matches_record(query, event) || !has_terms(event, query.terms)) continue;
    auto told = lines(event);
    if (!matches_lines(query, told)) continue;
    if (page.receipts.size() >= query.limit) {
      page.next = page.receipts.back().event.number;
      break;
    }
    page.receipts.push_back({event, std::move(told)});
  }
  return page;
}

dead_letter_page tables::dead_letter_list(const dead_letter_query& query) const {
  dead_letter_page page;
  auto at = query.after ? dead_letters.upper_bound({query.after->destination, query.after->number})
                        : dead_letters.begin();
  for (; at != dead_letters.end(); ++at) {
    const auto& [here, ended] = *at;
    if (!matches_dead_letter(query, here.first, ended)) continue;
    if (page.letters.size() >= query.limit) {
      page.next = dead_letter_key{page.letters.back().destination, page.letters.back().ended.number};
      break;
    }
    page.letters.push_back({here.first, ended, copies.at(here)});
  }
  return page;
}

std::vector<dead_letter_key> tables::selected(const dead_letter_selection& which) const {
  if (!which.keys.empty()) return which.keys;
  std::vector<dead_letter_key> keys;
  for (const auto& [here, ended] : dead_letters)
    if (matches_dead_letter(which.matching, here.first, ended)) keys.push_back({here.first, here.second});
  return keys;
}

}  // namespace cartrelay::queue::memory
