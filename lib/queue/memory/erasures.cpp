#include "event/stored.hpp"
#include "queue/memory/engine.hpp"

#include <algorithm>

namespace cartrelay::queue::memory {
namespace {

constexpr std::size_t most_records = 64;

bool concerns(const open_erasure& which, const record& event) {
  if (event.stored.empty() || event.number >= which.up_to) return false;
  const auto decoded = event::decode(event.stored);
  if (!decoded) return false;
  const auto keys = customer_keys(decoded->data);
  return std::any_of(keys.begin(), keys.end(),
                     [&](const customer_key& each) { return compared_form(each) == which.subject; });
}

}  // namespace

std::uint64_t tables::forget(const std::vector<memory_entry>& entries) {
  std::uint64_t gone = 0;
  for (const auto& each : entries)
    gone += state.erase({each.destination, each.key});
  return gone;
}

std::vector<record> tables::erasable(const open_erasure& which) const {
  std::vector<record> found;
  for (const auto& [number, event] : log)
    if (found.size() < most_records && concerns(which, event)) found.push_back(event);
  if (!found.empty()) return found;
  for (const auto& [where, event] : copies) {
    if (found.size() >= most_records || !concerns(which, event)) continue;
    found.push_back(event);
    found.back().routed = {where.first};
  }
  return found;
}

erasure_counts tables::erase(const open_erasure& which, const std::vector<sequence>& numbers,
                             base::timestamp now) {
  erasure_counts counts;
  for (const auto number : numbers) {
    const auto event = fetch(number);
    if (!event || !concerns(which, *event)) continue;
    ++counts.events;
    clear_shared(number);
    for (auto& [id, at] : units)
      erase_at(at, number, *event, now, counts);
    if (const auto logged = log.find(number); logged != log.end()) {
      stored_bytes -= logged->second.stored.size();
      logged->second.stored.clear();
    }
    std::erase_if(identities, [number](const auto& entry) { return entry.second.number == number; });
  }
  return counts;
}

/// What the vendor said to a batch, it said of all of it.
void tables::clear_shared(sequence number) {
  for (const auto& [id, at] : units) {
    const place here{id, number};
    attempts own;
    if (const auto row = exceptions.find(here); row != exceptions.end()) own = row->second.tries;
    if (const auto row = ends.find(here); row != ends.end()) own = row->second.tries;
    const auto span = span_of(own);
    if (!span) continue;
    const auto for_each_shared = [&, of = id](auto& rows, const auto& clear) {
      for (auto& [where, row] : rows) {
        if (where.first != of || where.second == number || !may_have_shared(*span, row.tries)) continue;
        row.tries.answer.clear();
        clear(row);
      }
    };
    for_each_shared(exceptions, [](const exception&) {});
    for (auto* rows : {&ends, &dead_letters})
      for_each_shared(*rows, [](end& row) {
        row.detail.clear();
        row.evidence.clear();
      });
  }
}

void tables::erase_at(unit& at, sequence number, const record& event, base::timestamp now,
                      erasure_counts& counts) {
  const place here{at.id, number};
  const auto& to = event.routed;
  if (std::find(to.begin(), to.end(), at.id) == to.end() && !at.owns_copy(number)) return;
  const auto how = erased_end(number, now);
  if (!at.finished(number)) {
    finish(at, how);
    ++counts.pending;
  } else if (dead_letters.contains(here)) {
    discard({at.id, number}, now, erased_reason);
    ends[here] = how;
    ++counts.dead_letters;
  } else if (const auto was = ends.find(here); was != ends.end()) {
    if (was->second.reason != erased_reason) ++counts.receipts;  // not one that was withdrawn just now
    was->second = without_words(was->second);
  }
  copies.erase(here);
}

void memory_engine::begin_erasure(customer_key who, std::vector<memory_entry> known,
                                  reply<erasure_start> then) {
  write(std::move(then), [&]() -> base::result<erasure_start> {
    const auto number = ++now_.last_erasure;
    now_.erasures[number] = {compared_form(who), now_.next};
    return erasure_start{number, now_.forget(known)};
  });
}

void memory_engine::open_erasures(reply<std::vector<erasure_id>> then) {
  look(std::move(then), [](const tables& all) -> base::result<std::vector<erasure_id>> {
    std::vector<erasure_id> open;
    for (const auto& [number, which] : all.erasures)
      open.push_back(number);
    return open;
  });
}

void memory_engine::erasable(erasure_id which, reply<std::vector<record>> then) {
  look(std::move(then), [this, which](const tables& all) -> base::result<std::vector<record>> {
    if (const auto fault = erasable_fault_.tick()) return fail(*fault);
    const auto known = all.erasures.find(which);
    if (known == all.erasures.end()) return fail(errc::not_found, "no such erasure");
    return all.erasable(known->second);
  });
}

void memory_engine::erase(erasure_id which, std::vector<sequence> numbers, std::vector<memory_entry> known,
                          base::timestamp now, reply<erasure_counts> then) {
  write(std::move(then), [&]() -> base::result<erasure_counts> {
    const auto found = now_.erasures.find(which);
    if (found == now_.erasures.end()) return fail(errc::not_found, "no such erasure");
    auto counts = now_.erase(found->second, numbers, now);
    counts.vendor_state = now_.forget(known);
    return counts;
  });
}

void memory_engine::finish_erasure(erasure_id which, reply<cleaning> then) {
  write(std::move(then), [&]() -> base::result<cleaning> {
    now_.erasures.erase(which);
    return cleaning();
  });
}

}  // namespace cartrelay::queue::memory
