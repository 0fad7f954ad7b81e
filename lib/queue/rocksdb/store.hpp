#pragma once

#include "base/error.hpp"
#include "queue/rocksdb/families.hpp"
#include "queue/rocksdb/fault_listener.hpp"
#include "queue/rocksdb/horizons.hpp"
#include "queue/rocksdb/log_merges.hpp"
#include "queue/rocksdb/prepared_logs.hpp"
#include "queue/types.hpp"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cartrelay::queue::rocks {

/// RocksDB's status in the queue's words: errc::corrupt, disk_low where there was no room, else read_only.
[[nodiscard]] base::error translate(const rocksdb::Status& status);
/// A failure that says nothing of what is stored: what the disk did not give it may give the next time.
/// Damage does not pass.
[[nodiscard]] bool may_pass(const rocksdb::Status& status);

/// An open database with its column families. Reads from any thread; write() from one.
class store {
 public:
  /// `how` decides about creation and recovery, and names the disk. A write that the last process did not
  /// finish is cut off. A failure keeps RocksDB's own status: the caller tells damage from other trouble.
  static rocksdb::Status open(const std::string& folder, rocksdb::DBOptions how,
                              std::shared_ptr<fault_listener> faults, std::unique_ptr<store>& out);
  /// The database as it stands, for reading only: what its logs hold is replayed in memory, and nothing on
  /// the disk changes. Corruption where a log that is still needed is gone, or holds less than it did.
  static rocksdb::Status look_at(const std::string& folder, rocksdb::DBOptions how,
                                 std::unique_ptr<store>& out);
  /// Closes the database and opens it once more, with a fault listener of its own. Nothing else uses it
  /// meanwhile; if this fails, it stays closed.
  [[nodiscard]] rocksdb::Status reopen();
  ~store();
  store(const store&) = delete;
  store& operator=(const store&) = delete;

  [[nodiscard]] bool is_open() const noexcept { return db_ != nullptr; }
  [[nodiscard]] rocksdb::DB& db() const noexcept { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* operator[](family which) const noexcept {
    return handles_[static_cast<std::size_t>(which)];
  }

  /// Absent: no such key. errc::corrupt: it is damaged; another failure of the disk may pass.
  [[nodiscard]] base::result<std::optional<std::string>> get(family from, std::string_view key,
                                                             const rocksdb::ReadOptions& how = {}) const;
  /// The same in RocksDB's words: OK, NotFound, Corruption where the row itself is damaged, or another.
  rocksdb::Status get(family from, std::string_view key, const rocksdb::ReadOptions& how,
                      rocksdb::PinnableSlice& value) const;
  /// The same for whom what is damaged is as good as absent.
  [[nodiscard]] base::result<std::optional<std::string>> get_sound(
      family from, std::string_view key, const rocksdb::ReadOptions& how = {}) const;
  /// A row as `decode(key, value)` has it; nothing where it is absent or damaged. Fails if the disk does not
  /// give it, which may pass.
  template <class Decode>
  [[nodiscard]] auto read(family from, std::string_view key, Decode decode) const
      -> base::result<std::invoke_result_t<Decode, std::string_view, std::string_view>> {
    const auto stored = get_sound(from, key);
    if (!stored) return stored.error();
    if (!*stored) return std::nullopt;
    return decode(key, **stored);
  }
  /// Synced when it returns OK.
  [[nodiscard]] rocksdb::Status write(rocksdb::WriteBatch& batch);
  /// RocksDB's own number of the newest write.
  [[nodiscard]] std::uint64_t newest_write() const;
  /// On the disk and on its way there.
  [[nodiscard]] std::uint64_t bytes() const;
  /// All memtables to files, and those of the log that begin before `first` out of level 0, where nothing
  /// leaves: so that what was deleted frees its room. Returns before it is done.
  void free_room(sequence first);
  /// Memtables are being flushed, or files of the log merged: what was deleted may free its room soon.
  [[nodiscard]] bool freeing_room() const;
  /// Returns when what deleted write-ahead logs held is on the disk no more.
  void wait_for_cleared_logs() { logs_->wait_until_cleared(); }
  /// Until the next opening: a file of that family cannot be read, and compacting it would fail for ever.
  void stop_compacting(std::string_view name);

  [[nodiscard]] horizons& limits() noexcept { return *limits_; }
  [[nodiscard]] fault_listener& faults() noexcept { return *faults_; }

 private:
  store(std::string folder, rocksdb::DBOptions how, std::shared_ptr<fault_listener> faults);
  rocksdb::Status get_from_its_tables(family from, std::string_view key, rocksdb::ReadOptions how,
                                      rocksdb::PinnableSlice& value) const;
  void lie_on(const std::shared_ptr<rocksdb::FileSystem>& disk);
  rocksdb::Status open();
  rocksdb::Status open_read_only();
  void close();

  std::string folder_;
  std::shared_ptr<prepared_logs> logs_;  // absent for a look
  std::unique_ptr<rocksdb::Env> disk_;
  rocksdb::DBOptions how_;
  std::shared_ptr<horizons> limits_;
  std::shared_ptr<fault_listener> faults_;
  std::shared_ptr<log_merges> merges_;
  rocksdb::DB* db_ = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

}  // namespace cartrelay::queue::rocks
