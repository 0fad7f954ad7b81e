#pragma once

#include "base/error.hpp"
#include "queue/rocksdb/index_rows.hpp"
#include "queue/rocksdb/store.hpp"

#include <vector>

/// What `index` says is in the log as well. Where rows of it are missing or cannot be read, it is made anew
/// from there.
namespace cartrelay::queue::rocks {

/// The entries of the events of [from, to), by number. A record that cannot be read has none.
[[nodiscard]] std::vector<index_entry> logged_entries(const store& data, const siphash_key& key,
                                                      sequence from, sequence to);

/// After an accepted loss, before the store is used: what the events of [first, next) would be found by, in
/// pages and, of the newest segment, in a note. Holds the entries of one segment at a time.
[[nodiscard]] base::result<void> renew_index(store& data, const siphash_key& key, sequence first,
                                             sequence next);

}  // namespace cartrelay::queue::rocks
