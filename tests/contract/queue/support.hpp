#pragma once

#include "base/clock.hpp"
#include "queue/engine.hpp"
#include "queue/options.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the queue's tests share: a folder of their own, events, and an engine that is asked and answers in
/// one statement.
namespace cartrelay::queue::testing {

/// A sanitizer's build has several times the work, and the queue's reader steps back for whatever else the
/// machine does.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// Where the tests' time begins.
[[nodiscard]] base::timestamp start();
[[nodiscard]] options settings_in(const std::filesystem::path& folder, const std::string& engine = "rocksdb");

/// Bytes that no compression makes smaller.
[[nodiscard]] std::string noise(std::uint64_t seed, std::size_t size);
/// An event that is opaque to the engine: `content` decides its digest.
[[nodiscard]] new_event plain_event(const std::string& id, std::vector<destination_id> routed,
                                    const std::string& content = "x");
/// A real one, with the index terms that ingest would give it.
[[nodiscard]] new_event order_event(const std::string& id, const std::string& order, const std::string& email,
                                    std::vector<destination_id> routed);
/// The same of any event, which comes from the source `shop`.
[[nodiscard]] new_event parsed_event(const std::string& body, std::vector<destination_id> routed);
[[nodiscard]] end ended(sequence number, end_state state = end_state::delivered);
[[nodiscard]] exception waiting(sequence number);
[[nodiscard]] progress up_to(sequence cursor, std::vector<end> ends = {},
                             std::vector<exception> exceptions = {});
/// The step that says so of all events up to there.
[[nodiscard]] progress delivered_up_to(sequence last);
[[nodiscard]] std::vector<sequence> numbers(const std::vector<record>& records);

/// An engine, with an I/O thread that is this thread while it waits for an answer.
class client {
 public:
  using opener = std::function<base::result<std::unique_ptr<engine>>()>;
  explicit client(opener how);
  ~client();

  [[nodiscard]] engine& raw() noexcept { return *engine_; }
  [[nodiscard]] base::mailbox mailbox() const { return box_; }
  /// Closes it properly and opens it again.
  void reopen();
  void close();
  /// Runs what has been pushed until `done` says so; a test failure after 30 seconds, or five
  /// times that in a sanitizer's build.
  void run_until(const std::function<bool()>& done);

  /// Asks with a reply<T>, waits, answers what came.
  template <class T, class Ask>
  base::result<T> ask(Ask question) {
    std::optional<base::result<T>> answer;
    question(reply<T>(box_, [&](base::result<T> came) { answer.emplace(std::move(came)); }));
    run_until([&] { return answer.has_value(); });
    return answer ? std::move(*answer) : base::result<T>(fail(errc::stopped, "no answer came"));
  }

  base::result<std::vector<append_outcome>> append(std::vector<new_event> events);
  /// One plain event that must be stored.
  sequence put(const std::string& id, std::vector<destination_id> routed);
  base::result<read_batch> read(sequence after, read_limits limits = {});
  base::result<std::vector<record>> fetch(std::vector<sequence> which, std::size_t max_bytes = 1 << 20);
  destination_id add(const std::string& name);
  unit_state acquire(destination_id id, std::size_t most_rows = 1000);
  base::result<void> commit(const lease& held, progress step);
  std::optional<std::string> state(destination_id id, const std::string& key, base::timestamp now);
  base::result<receipt> receipt_of(sequence number);
  base::result<receipt> receipt_of(const std::string& source, const std::string& id);
  receipt_page search(receipt_query query);
  dead_letter_page dead_letters(dead_letter_query query = {});
  std::vector<dead_letter_key> find_dead_letters(const dead_letter_query& query);
  std::vector<dead_letter_key> requeue(dead_letter_selection which, base::timestamp now = start());
  std::vector<dead_letter_key> discard(dead_letter_selection which, base::timestamp now = start());
  erasure_id begin_erasure(const customer_key& who, std::vector<memory_entry> known = {});
  std::vector<sequence> erasable(erasure_id which);
  erasure_counts erase(erasure_id which, std::vector<sequence> numbers, std::vector<memory_entry> known = {});
  /// Everything that is erasable, page by page.
  erasure_counts erase_all(erasure_id which);
  cleaning finish_erasure(erasure_id which);
  std::uint64_t trim(base::timestamp now);
  destination_stats stats_of(destination_id id);

 private:
  opener how_;
  boost::asio::io_context io_;
  base::mailbox box_;
  std::unique_ptr<engine> engine_;
};

}  // namespace cartrelay::queue::testing
