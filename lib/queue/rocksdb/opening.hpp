#pragma once

#include "base/clock.hpp"
#include "queue/options.hpp"
#include "queue/rocksdb/holder.hpp"
#include "queue/rocksdb/ledger.hpp"
#include "queue/rocksdb/marker.hpp"
#include "queue/rocksdb/store.hpp"
#include "queue/rocksdb/store_records.hpp"

#include <rocksdb/env.h>

#include <memory>
#include <optional>

namespace cartrelay::queue::rocks {

/// An opened store, and what it says of itself.
struct opened_store {
  std::unique_ptr<holder> held;  ///< released after the database
  std::unique_ptr<store> data;
  rocksdb::DBOptions how;  ///< to open it again
  store_identity identity;
  position where;
  std::optional<base::timestamp> loss_accepted_at;  ///< now, or at an earlier opening
  bool accepts_loss = false;                        ///< now, or at an opening that was interrupted
  bool salvaged = false;                            ///< now: the books are made anew of what can be read
};

/// Takes the folder, opens (or makes) the database strictly, and compares it with its marker. errc::locked,
/// incompatible, damaged, disk_low where there is no room to open it, or read_only where the operating system
/// refuses. With accept_data_loss a damaged store is copied aside, opened as far as it goes, and
/// `where.lost` tells what is missing. An opening that did so and was interrupted before settle_opening() had
/// said so is done again from the beginning, whatever the settings say: it was accepted then.
[[nodiscard]] base::result<opened_store> open_store(const options& settings, base::timestamp now,
                                                    rocksdb::Env* env);

/// The ledger of an opened store; errc::damaged if it is, read_only if the disk does not give it. With
/// accept_data_loss it is made anew then, and what cannot be read is left behind.
[[nodiscard]] base::result<std::unique_ptr<ledger>> open_books(const options& settings, base::timestamp now,
                                                               opened_store& opened);

/// Makes the marker durable, and after an accepted loss the books, before anything is accepted.
[[nodiscard]] base::result<open_marker> settle_opening(const options& settings, const opened_store& opened,
                                                       ledger& books);

/// The ledger of a store that was open before and was reopened.
[[nodiscard]] base::result<std::unique_ptr<ledger>> reload(const store& data);

}  // namespace cartrelay::queue::rocks
