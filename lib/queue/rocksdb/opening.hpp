#pragma once

#include "base/clock.hpp"
#include "queue/options.hpp"
#include "queue/rocksdb/holder.hpp"
#include "queue/rocksdb/ledger.hpp"
#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/store.hpp"

#include <rocksdb/env.h>

#include <memory>

namespace cartrelay::queue::rocks {

/// An opened store, and what it says of itself.
struct opened_store {
  std::unique_ptr<holder> held;  ///< released after the database
  std::unique_ptr<store> data;
  store_identity identity;
  position where;
  bool salvaged = false;  ///< data loss was accepted: the totals need a recount
};

/// Takes the folder, opens (or makes) the database strictly, and compares it with its marker. errc::locked,
/// incompatible, damaged, or read_only where the operating system refuses. With accept_data_loss a damaged
/// store is copied aside, opened as far as it goes, and `where.lost` tells what is missing.
[[nodiscard]] base::result<opened_store> open_store(const options& settings, base::timestamp now,
                                                    rocksdb::Env* env);

/// After the ledger was loaded: after an accepted loss its totals are counted anew. Makes the position and
/// the marker durable before anything is accepted.
[[nodiscard]] base::result<void> settle_opening(const options& settings, const opened_store& opened,
                                                ledger& books);

}  // namespace cartrelay::queue::rocks
