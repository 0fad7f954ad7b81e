#pragma once

#include "base/error.hpp"
#include "queue/types.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace cartrelay::queue::rocks {

/// What a store is known to hold, told outside the database: a database that lost the end of its newest log,
/// or all of it, opens without complaint.
struct marker {
  std::string store;         ///< its id, in hex
  sequence last = 0;         ///< the newest event
  std::uint64_t writes = 0;  ///< the database's own number of its newest write

  friend bool operator==(const marker&, const marker&) = default;
};

/// Absent: there is none. errc::damaged: there is one, and it makes no sense. errc::read_only: the system
/// does not give it.
[[nodiscard]] base::result<std::optional<marker>> read_marker(const std::string& folder);
/// Replaces the file atomically and syncs it and its folder. errc::disk_low if there is no room for it.
[[nodiscard]] base::result<void> write_marker(const std::string& folder, const marker& value);

/// A loss is being accepted: in many steps, of which only the last says in the store what is missing. The
/// note `accepting` stands from before the first one until after the last and names the folder in which the
/// files were set aside. Absent: no such thing was begun, or it was finished.
[[nodiscard]] base::result<std::optional<std::string>> read_accepting(const std::string& folder);
/// Both are durable when they return.
[[nodiscard]] base::result<void> begin_accepting(const std::string& folder, const std::string& aside);
[[nodiscard]] base::result<void> end_accepting(const std::string& folder);

/// The marker while the store is open. note() overwrites one of its two places after each durable write, so
/// that a killed process leaves it exact at the price of a write to memory. sync() bounds how old it is after
/// a power cut; it is never ahead of the database.
class open_marker {
 public:
  /// write_marker() came before.
  static base::result<open_marker> open(const std::string& folder, std::string store);
  open_marker() = default;
  open_marker(open_marker&& other) noexcept;
  open_marker& operator=(open_marker&& other) noexcept;
  ~open_marker();

  /// One thread at a time. A failure is told by the next sync().
  void note(sequence last, std::uint64_t writes);
  /// Any thread. errc::read_only if what was noted cannot be made durable.
  [[nodiscard]] base::result<void> sync();

 private:
  open_marker(int file, std::string path, std::string store)
      : file_(file), path_(std::move(path)), store_(std::move(store)) {}

  int file_ = -1;
  std::string path_, store_;
  unsigned turn_ = 0;
  std::atomic<int> failure_{0};  // errno of a note() that failed
};

}  // namespace cartrelay::queue::rocks
