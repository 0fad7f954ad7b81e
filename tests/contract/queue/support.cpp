#include "tests/contract/queue/support.hpp"

#include "base/digest.hpp"
#include "base/random.hpp"
#include "event/parse.hpp"
#include "event/stored.hpp"
#include "queue/match.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace cartrelay::queue::testing {
namespace {

/// In memory where there is room for it: what is tested here is what the engine does with syncs, not how long
/// a disk takes. TMPDIR decides otherwise.
std::filesystem::path somewhere() {
  std::error_code failure;
  const auto room = std::filesystem::space("/dev/shm", failure).available;
  if (std::getenv("TMPDIR") == nullptr && !failure && room > (std::uintmax_t{1} << 30)) return "/dev/shm";
  return std::filesystem::temp_directory_path();
}

/// How long anything may take: in a sanitizer's build as much longer as ctest gives its tests.
constexpr auto patience = std::chrono::seconds(sanitized ? 150 : 30);

}  // namespace

temporary_folder::temporary_folder() {
  auto pattern = (somewhere() / "cartrelay-queue-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = pattern;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

base::timestamp start() {
  return base::from_micros(1'773'577'320'000'000);
}

options settings_in(const std::filesystem::path& folder, const std::string& engine) {
  options out;
  out.engine = engine;
  out.path = folder.string();
  out.min_free_disk = 0;
  return out;
}

std::string noise(std::uint64_t seed, std::size_t size) {
  base::random_source dice(seed);
  std::string out;
  for (std::size_t i = 0; i < size; ++i)
    out += static_cast<char>(dice.below(256));
  return out;
}

new_event plain_event(const std::string& id, std::vector<destination_id> routed, const std::string& content) {
  new_event out;
  out.source = "shop";
  out.id = id;
  const auto digest = base::sha256(content);
  std::copy_n(digest.begin(), out.digest.size(), out.digest.begin());
  out.received_at = start();
  out.type = event::event_type::page_viewed;
  out.stored = id + ":" + content;
  out.routed = std::move(routed);
  return out;
}

new_event order_event(const std::string& id, const std::string& order, const std::string& email,
                      std::vector<destination_id> routed) {
  return parsed_event(R"({"id":")" + id +
                          R"(","source":"shop","type":"order.cancelled","data":{"order":{"id":")" + order +
                          R"("},"customer":{"email":")" + email + R"("}}})",
                      std::move(routed));
}

new_event parsed_event(const std::string& body, std::vector<destination_id> routed) {
  const auto parsed = event::parse_body(body, event::encoding::json, 1, start(), {});
  if (!parsed) throw std::invalid_argument(parsed.error().list.front().detail);
  const auto& made = parsed->front();
  new_event out = plain_event(std::string(made.id), std::move(routed));
  out.digest = event::digest(made);
  out.type = made.type;
  out.stored = event::encode(made);
  out.terms = index_terms(made);
  return out;
}

end ended(sequence number, end_state state) {
  end out;
  out.number = number;
  out.state = state;
  out.at = start();
  return out;
}

exception waiting(sequence number) {
  exception out;
  out.number = number;
  out.age_from = start();
  out.tries.count = 1;
  return out;
}

progress up_to(sequence cursor, std::vector<end> ends, std::vector<exception> exceptions) {
  progress out;
  out.cursor = cursor;
  out.ends = std::move(ends);
  out.exceptions = std::move(exceptions);
  return out;
}

progress delivered_up_to(sequence last) {
  auto out = up_to(last);
  for (sequence number = 1; number <= last; ++number)
    out.ends.push_back(ended(number));
  return out;
}

std::vector<sequence> numbers(const std::vector<record>& records) {
  std::vector<sequence> out;
  for (const auto& each : records)
    out.push_back(each.number);
  return out;
}

client::client(opener how) : how_(std::move(how)), box_(io_.get_executor()) {
  auto opened = how_();
  if (!opened) throw std::runtime_error(opened.error().message());
  engine_ = std::move(*opened);
}

client::~client() {
  close();
}

void client::close() {
  if (engine_) engine_->close();
}

void client::reopen() {
  engine_->close();
  engine_.reset();
  auto opened = how_();
  if (!opened) throw std::runtime_error(opened.error().message());
  engine_ = std::move(*opened);
}

void client::run_until(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto guard = boost::asio::make_work_guard(io_);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "nothing came";
      return;
    }
    io_.restart();
    io_.run_one_for(std::chrono::seconds(1));
  }
}

base::result<std::vector<append_outcome>> client::append(std::vector<new_event> events) {
  return ask<std::vector<append_outcome>>(
      [&](auto then) { engine_->append(std::move(events), std::move(then)); });
}

sequence client::put(const std::string& id, std::vector<destination_id> routed) {
  const auto stored = append({plain_event(id, std::move(routed))});
  if (!stored) {
    ADD_FAILURE() << stored.error().message();
    return 0;
  }
  EXPECT_EQ(stored->front().status, append_status::appended);
  return stored->front().number;
}

base::result<read_batch> client::read(sequence after, read_limits limits) {
  return ask<read_batch>([&](auto then) { engine_->read(0, after, limits, std::move(then)); });
}

base::result<std::vector<record>> client::fetch(std::vector<sequence> which, std::size_t max_bytes) {
  return ask<std::vector<record>>([&](auto then) { engine_->fetch(0, which, max_bytes, std::move(then)); });
}

destination_id client::add(const std::string& name) {
  return ask<destination_id>([&](auto then) { engine_->register_destination(name, std::move(then)); })
      .value();
}

unit_state client::acquire(destination_id id, std::size_t most_rows) {
  return ask<unit_state>([&](auto then) { engine_->acquire(id, 0, most_rows, std::move(then)); }).value();
}

base::result<void> client::commit(const lease& held, progress step) {
  return ask<void>([&](auto then) { engine_->commit(held, std::move(step), std::move(then)); });
}

std::optional<std::string> client::state(destination_id id, const std::string& key, base::timestamp now) {
  return ask<std::vector<std::optional<std::string>>>(
             [&](auto then) { engine_->state(id, {key}, now, std::move(then)); })
      .value()
      .at(0);
}

base::result<receipt> client::receipt_of(sequence number) {
  return ask<receipt>([&](auto then) { engine_->find_receipt(0, number, std::move(then)); });
}

base::result<receipt> client::receipt_of(const std::string& source, const std::string& id) {
  return ask<receipt>([&](auto then) { engine_->find_receipt(source, id, std::move(then)); });
}

receipt_page client::search(receipt_query query) {
  return ask<receipt_page>([&](auto then) { engine_->search(query, std::move(then)); }).value();
}

dead_letter_page client::dead_letters(dead_letter_query query) {
  return ask<dead_letter_page>([&](auto then) { engine_->dead_letters(query, std::move(then)); }).value();
}

std::vector<dead_letter_key> client::requeue(dead_letter_selection which, base::timestamp now) {
  return ask<std::vector<dead_letter_key>>(
             [&](auto then) { engine_->requeue(std::move(which), now, std::move(then)); })
      .value();
}

std::vector<dead_letter_key> client::find_dead_letters(const dead_letter_query& query) {
  return ask<std::vector<dead_letter_key>>(
             [&](auto then) { engine_->find_dead_letters(query, std::move(then)); })
      .value();
}

std::vector<dead_letter_key> client::discard(dead_letter_selection which, base::timestamp now) {
  return ask<std::vector<dead_letter_key>>(
             [&](auto then) { engine_->discard(std::move(which), now, std::move(then)); })
      .value();
}

erasure_id client::begin_erasure(const customer_key& who, std::vector<memory_entry> known) {
  return ask<erasure_start>([&](auto then) { engine_->begin_erasure(who, known, std::move(then)); })->which;
}

std::vector<sequence> client::erasable(erasure_id which) {
  return numbers(*ask<std::vector<record>>([&](auto then) { engine_->erasable(which, std::move(then)); }));
}

erasure_counts client::erase(erasure_id which, std::vector<sequence> numbers,
                             std::vector<memory_entry> known) {
  return *ask<erasure_counts>(
      [&](auto then) { engine_->erase(which, numbers, known, start(), std::move(then)); });
}

erasure_counts client::erase_all(erasure_id which) {
  erasure_counts counts;
  for (auto found = erasable(which); !found.empty(); found = erasable(which))
    counts += erase(which, found);
  return counts;
}

cleaning client::finish_erasure(erasure_id which) {
  return *ask<cleaning>([&](auto then) { engine_->finish_erasure(which, std::move(then)); });
}

std::uint64_t client::trim(base::timestamp now) {
  return ask<std::uint64_t>([&](auto then) { engine_->trim(now, std::move(then)); }).value();
}

destination_stats client::stats_of(destination_id id) {
  for (const auto& each : engine_->stats().destinations)
    if (each.id == id) return each;
  ADD_FAILURE() << "no such destination " << id;
  return {};
}

}  // namespace cartrelay::queue::testing
