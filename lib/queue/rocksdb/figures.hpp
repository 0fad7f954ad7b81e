#pragma once

#include "queue/errc.hpp"
#include "queue/inspect.hpp"
#include "queue/latency.hpp"
#include "queue/rocksdb/ledger.hpp"
#include "queue/rocksdb/room.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// What is durable, as the writer last said it. Any thread reads; the writer publishes after each commit.
class figures {
 public:
  figures();

  void publish(const ledger& books, const room& space);
  void add_commit(std::chrono::nanoseconds took);
  /// Stays, whatever is published later, until reopen().
  void close(errc because);
  void reopen();
  void tell_accepted_loss(base::timestamp at);

  [[nodiscard]] queue_stats snapshot() const;
  [[nodiscard]] std::optional<errc> refusal() const;
  [[nodiscard]] std::vector<destination_id> destinations() const;
  /// Empty: there is none.
  [[nodiscard]] std::string name_of(destination_id id) const;
  [[nodiscard]] bool nearly_full() const;
  /// Requests that ingest refused: told at once, and taken by the writer to make them durable.
  void note_refused(std::uint64_t requests) noexcept { refused_ += requests; }
  /// They stay counted in between.
  [[nodiscard]] std::uint64_t take_refused() noexcept;
  /// Nothing from `next` on is durable, nothing before `first` is in the log.
  [[nodiscard]] sequence next() const noexcept { return next_.load(); }
  [[nodiscard]] sequence first() const noexcept { return first_.load(); }

 private:
  mutable std::mutex mutex_;
  queue_stats stats_;
  latency_window commits_;
  std::uint64_t refused_being_written_ = 0;
  std::optional<errc> refusal_;
  bool nearly_full_ = false, closed_ = false;
  std::atomic<sequence> first_{1}, next_{1};
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace cartrelay::queue::rocks
