#include "queue/memory/engine.hpp"

#include "base/log.hpp"
#include "queue/expiry.hpp"

#include <algorithm>

namespace cartrelay::queue::memory {

memory_engine::memory_engine(const options& settings) : settings_(settings) {}

memory_engine::~memory_engine() {
  close();
}

std::optional<errc> memory_engine::countdown::tick() {
  if (left == 0 || --left > 0) return std::nullopt;
  return how;
}

std::optional<base::error> memory_engine::out_of_service() const {
  if (closed_) return fail(errc::stopped);
  if (broken_) return fail(errc::read_only);
  return std::nullopt;
}

std::optional<errc> memory_engine::refusal_now() const {
  if (closed_) return errc::stopped;
  if (broken_) return errc::read_only;
  return !refusal_ && now_.stored_bytes >= settings_.max_size ? errc::full : refusal_;
}

capabilities memory_engine::traits() const {
  return {durability::none, false, settings_.dedup_window, largest_event, 1};
}

void memory_engine::append(std::vector<new_event> events, reply<std::vector<append_outcome>> then) {
  write(std::move(then), [&]() -> base::result<std::vector<append_outcome>> {
    if (const auto why = refusal_now()) return fail(*why);
    if (const auto fault = append_fault_.tick()) return fail(*fault);
    for (const auto& event : events) {
      if (event.stored.size() > largest_event) return fail(errc::too_large);
      for (const auto id : event.routed)
        if (now_.find(id) == nullptr || std::count(event.routed.begin(), event.routed.end(), id) != 1)
          return fail(errc::not_found, "an event is routed to an unknown destination, or twice to one");
    }
    return now_.append(events, settings_.dedup_window);
  });
}

void memory_engine::read(partition part, sequence after, read_limits limits, reply<read_batch> then) {
  look(std::move(then), [&](const tables& all) -> base::result<read_batch> {
    if (part != 0) return fail(errc::not_found, "no such partition");
    return all.read(after, limits);
  });
}

void memory_engine::fetch(partition part, std::vector<sequence> numbers, std::size_t max_bytes,
                          reply<std::vector<record>> then) {
  look(std::move(then), [&](const tables& all) -> base::result<std::vector<record>> {
    if (part != 0) return fail(errc::not_found, "no such partition");
    std::vector<record> out;
    std::size_t bytes = 0;
    for (const auto number : numbers) {
      if (!out.empty() && bytes >= max_bytes) break;
      auto found = all.fetch(number);
      if (!found) continue;
      bytes += found->stored.size();
      out.push_back(std::move(*found));
    }
    return out;
  });
}

void memory_engine::register_destination(std::string name, reply<destination_id> then) {
  write(std::move(then), [&]() -> base::result<destination_id> {
    for (const auto& [id, each] : now_.units)
      if (each.name == name) return id;
    const auto id = static_cast<destination_id>(now_.units.empty() ? 1 : now_.units.rbegin()->first + 1);
    now_.units[id] = unit(id, name, now_.next - 1);
    return id;
  });
}

void memory_engine::acquire(destination_id destination, partition part, std::size_t most_rows,
                            reply<unit_state> then) {
  write(std::move(then), [&]() -> base::result<unit_state> {
    auto* const mine = now_.find(destination);
    if (mine == nullptr || part != 0) return fail(errc::not_found, "no such destination");
    ++mine->epoch;
    unit_state out;
    out.held = {destination, part, mine->epoch};
    out.cursor = mine->cursor;
    out.control = mine->control;
    for (const auto& [here, waiting] : now_.exceptions) {
      if (here.first != destination) continue;
      if (out.exceptions.size() < most_rows)
        out.exceptions.push_back(waiting);
      else
        out.more_exceptions.push_back(here.second);
    }
    out.attempts = mine->counts.attempts;
    out.failed_attempts = mine->counts.failed_attempts;
    out.ended_after.assign(mine->ended_after().begin(), mine->ended_after().end());
    return out;
  });
}

void memory_engine::commit(lease held, progress step, reply<void> then) {
  write(std::move(then), [&]() -> base::result<void> {
    if (const auto fault = commit_fault_.tick()) return fail(*fault);
    return now_.commit(held, step);
  });
}

void memory_engine::state(destination_id destination, std::vector<std::string> keys, base::timestamp now,
                          reply<std::vector<std::optional<std::string>>> then) {
  look(std::move(then), [&](const tables& all) -> base::result<std::vector<std::optional<std::string>>> {
    std::vector<std::optional<std::string>> out;
    for (const auto& key : keys) {
      const auto found = all.state.find({destination, key});
      const bool valid = found != all.state.end() && found->second.expires > now;
      out.push_back(valid ? found->second.value : std::nullopt);
    }
    return out;
  });
}

void memory_engine::find_receipt(partition part, sequence number, reply<receipt> then) {
  look(std::move(then), [&](const tables& all) -> base::result<receipt> {
    auto found = part == 0 ? all.find(number) : std::nullopt;
    if (!found) return fail(errc::not_found);
    return std::move(*found);
  });
}

void memory_engine::find_receipt(std::string source, std::string id, reply<receipt> then) {
  look(std::move(then), [&](const tables& all) -> base::result<receipt> {
    const auto known = all.identities.find({source, id});
    auto found = known == all.identities.end() ? std::nullopt : all.find(known->second.number);
    if (!found) return fail(errc::not_found);
    return std::move(*found);
  });
}

void memory_engine::search(receipt_query query, reply<receipt_page> then) {
  look(std::move(then), [&](const tables& all) -> base::result<receipt_page> { return all.search(query); });
}

void memory_engine::dead_letters(dead_letter_query query, reply<dead_letter_page> then) {
  look(std::move(then),
       [&](const tables& all) -> base::result<dead_letter_page> { return all.dead_letter_list(query); });
}

void memory_engine::find_dead_letters(dead_letter_query which, reply<std::vector<dead_letter_key>> then) {
  look(std::move(then), [&](const tables& all) -> base::result<std::vector<dead_letter_key>> {
    dead_letter_selection wanted;
    wanted.matching = std::move(which);
    return all.selected(wanted);
  });
}

void memory_engine::requeue(dead_letter_selection which, base::timestamp now,
                            reply<std::vector<dead_letter_key>> then) {
  write(std::move(then), [&]() -> base::result<std::vector<dead_letter_key>> {
    auto keys = now_.selected(which);
    std::erase_if(keys, [&](const dead_letter_key& key) { return !now_.requeue(key, now); });
    return keys;
  });
}

void memory_engine::discard(dead_letter_selection which, base::timestamp now,
                            reply<std::vector<dead_letter_key>> then) {
  write(std::move(then), [&]() -> base::result<std::vector<dead_letter_key>> {
    auto keys = now_.selected(which);
    std::erase_if(keys, [&](const dead_letter_key& key) { return !now_.discard(key, now, {}); });
    return keys;
  });
}

void memory_engine::trim(base::timestamp now, reply<std::uint64_t> then) {
  write(std::move(then), [&]() -> base::result<std::uint64_t> {
    dead_letter_selection old;
    old.matching.before = now - settings_.dead_letter_retention;
    const auto expired = now_.selected(old);
    for (const auto& key : expired)
      now_.discard(key, now, "dead_letter_expired");
    for (const auto& line : words_of_expired(expired, settings_.dead_letter_retention,
                                             [this](auto id) { return now_.units.at(id).name; }))
      base::log::warning("{}", line);
    std::erase_if(now_.state, [&](const auto& entry) { return entry.second.expires <= now; });
    const auto dropped = now_.trim(now, settings_.retention, nearly_full(settings_.max_size));
    const auto forget = std::max(settings_.dedup_window, settings_.retention);
    std::erase_if(now_.identities, [&](const auto& entry) {
      return now - entry.second.accepted_at > forget && !now_.fetch(entry.second.number);
    });
    return dropped;
  });
}

queue_stats memory_engine::stats() const {
  std::lock_guard lock(mutex_);
  const auto& all = synced_ ? *synced_ : now_;
  queue_stats out;
  out.engine = "memory";
  out.events = all.log.size();
  out.first = all.first;
  out.next = all.next;
  out.bytes = all.stored_bytes;
  out.max_bytes = settings_.max_size;
  out.ingest = all.ingest;
  const auto why = refusal_now();
  out.writable = !why;
  if (why) out.reason = reason_of(*why);
  for (const auto& [id, each] : all.units)
    out.destinations.push_back({id, each.name, each.counts, each.waiting()});
  return out;
}

std::optional<errc> memory_engine::refusal() const {
  std::lock_guard lock(mutex_);
  return refusal_now();
}

void memory_engine::note_refused(std::uint64_t requests) {
  std::lock_guard lock(mutex_);
  now_.ingest.refused += requests;
}

void memory_engine::configure(const options& settings) {
  std::lock_guard lock(mutex_);
  settings_ = settings;
}

void memory_engine::on_append(base::mailbox where, base::unique_function<void()> wake) {
  listeners_.add_wake(std::move(where), std::move(wake));
}

void memory_engine::on_failure(base::mailbox where, base::unique_function<void(base::error)> failed) {
  listeners_.add_failure(std::move(where), std::move(failed));
}

void memory_engine::close() {
  sync();
  std::lock_guard lock(mutex_);
  closed_ = true;
}

void memory_engine::fail_append(std::uint64_t n, errc how) {
  std::lock_guard lock(mutex_);
  append_fault_ = {n, how};
}

void memory_engine::fail_commit(std::uint64_t n, errc how) {
  std::lock_guard lock(mutex_);
  commit_fault_ = {n, how};
}

void memory_engine::doubt(std::uint64_t n) {
  std::lock_guard lock(mutex_);
  doubt_ = {n, errc::unknown};
}

void memory_engine::fail_erasable(std::uint64_t n, errc how) {
  std::lock_guard lock(mutex_);
  erasable_fault_ = {n, how};
}

void memory_engine::refuse_appends(std::optional<errc> why) {
  std::lock_guard lock(mutex_);
  refusal_ = why;
}

void memory_engine::break_storage() {
  {
    std::lock_guard lock(mutex_);
    broken_ = true;
  }
  listeners_.failed(fail(errc::read_only, "broken by a test"));
}

void memory_engine::hold() {
  std::lock_guard lock(mutex_);
  if (!synced_) synced_ = now_;
}

void memory_engine::sync() {
  std::lock_guard lock(mutex_);
  synced_.reset();
  for (auto& answer : held_)
    answer(nullptr);
  held_.clear();
  if (std::exchange(held_appends_, false)) listeners_.appended();
}

void memory_engine::crash() {
  std::lock_guard lock(mutex_);
  if (synced_) now_ = std::move(*synced_);
  synced_.reset();
  const auto unknown = fail(errc::unknown);
  for (auto& answer : held_)
    answer(&unknown);
  held_.clear();
  held_appends_ = false;
  for (auto& [id, each] : now_.units)
    ++each.epoch;
}

}  // namespace cartrelay::queue::memory
