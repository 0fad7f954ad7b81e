#pragma once

#include "queue/engine.hpp"
#include "queue/rocksdb/ledger.hpp"
#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/room.hpp"
#include "queue/rocksdb/routes.hpp"
#include "queue/rocksdb/store.hpp"
#include "queue/rocksdb/store_records.hpp"
#include "queue/rocksdb/term_index.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <optional>
#include <set>
#include <string>
#include <utility>

namespace cartrelay::queue::rocks {

/// What the writer's jobs work on. Everything belongs to the writer's thread.
struct write_side {
  store& data;
  ledger& books;
  routes& routing;
  term_index& terms;
  const store_identity& made_as;
  std::chrono::microseconds dedup_window;
  room space;

  // What this group has done already and the store does not show yet; emptied after each group.
  sequence first_new = 0;                                    ///< events from here on are this group's
  boost::unordered_flat_map<std::string, identity> fresh{};  ///< idempotency keys
  std::set<dead_letter_key> settled{};  ///< events that were settled: dead letters, and what was erased
  std::set<sequence> torn{};            ///< records set aside
};

/// A piece of work in a commit group. settle() is called exactly once, after any number of apply().
class write_job {
 public:
  enum class progress { done, more };

  write_job() = default;
  write_job(const write_job&) = delete;
  write_job& operator=(const write_job&) = delete;
  virtual ~write_job() = default;

  /// Reads what it needs, changes the books and adds to the batch. `more`: the rest belongs to a later group,
  /// so that long work does not hold up the others.
  virtual progress apply(write_side& side, rocksdb::WriteBatch& batch) = 0;
  /// Null: the group is durable. Else why it is not, or why the job was refused without apply().
  virtual void settle(const base::error* failure) = 0;
};

/// Gets a job's outcome, on the writer's thread; a reply is one.
template <class T>
using receiver = base::unique_function<void(base::result<T>)>;

/// A job that answers one caller.
template <class T>
class answering_job : public write_job {
 public:
  explicit answering_job(receiver<T> then) : then_(std::move(then)) {}

  void settle(const base::error* failure) final {
    if (failure != nullptr)
      then_(*failure);
    else
      then_(std::move(*answer_));
  }

 protected:
  /// What is answered once the group is durable.
  progress answer(base::result<T> outcome) {
    answer_.emplace(std::move(outcome));
    return progress::done;
  }

 private:
  receiver<T> then_;
  std::optional<base::result<T>> answer_;
};

}  // namespace cartrelay::queue::rocks
