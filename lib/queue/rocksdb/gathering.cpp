#include "queue/rocksdb/gathering.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "queue/rocksdb/bulk_writer.hpp"
#include "queue/rocksdb/row_versions.hpp"
#include "queue/rocksdb/store_records.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <queue>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

namespace fs = std::filesystem;

/// Rows in order: those of a table, some at a time, or of all logs.
struct run {
  std::unique_ptr<lone_table> from;  // absent: of the logs
  row_versions rows;
  std::size_t at = 0;

  [[nodiscard]] const rocksdb::KeyVersion& front() const { return rows[at]; }
  rocksdb::Status load() {
    at = 0;
    rows.clear();
    return from ? from->next(rows) : rocksdb::Status::OK();
  }
};

bool comes_later(const run* one, const run* other) {
  return stands_before(other->front(), one->front());
}

class gatherer {
 public:
  gatherer(std::string database, store& to) : database_(std::move(database)), to_(to) {
    std::error_code ignored;
    fs::remove_all(links(), ignored);  // of one that was interrupted
  }

  gatherer(const gatherer&) = delete;
  gatherer& operator=(const gatherer&) = delete;
  ~gatherer() {
    std::error_code ignored;
    fs::remove_all(links(), ignored);
  }

  rocksdb::Status work() {
    // As a new database numbers them; tables say what theirs are.
    for (std::size_t i = 0; i < family_names.size(); ++i)
      numbers_[static_cast<std::uint32_t>(i)] = family_names[i];
    auto status = find_tables();
    if (status.ok()) status = find_logged();
    for (std::size_t i = 0; i < family_names.size() && status.ok(); ++i)
      if (const auto which = static_cast<family>(i); which != family::index) status = gather(which);
    return status;
  }

 private:
  rocksdb::Status find_tables() {
    const auto files = base::files_in(database_);
    if (!files) return rocksdb::Status::IOError(files.error().message());
    for (const auto& file : *files) {
      if (file.extension() != ".sst") continue;
      lone_table::origin of;
      if (const auto status = lone_table::look(file, of); !status.ok()) {
        leave_out(file, status);
        continue;
      }
      numbers_[of.number] = of.name;
      tables_[of.name].push_back(file);
    }
    return rocksdb::Status::OK();
  }

  rocksdb::Status find_logged() {
    auto found = read_logs(database_);
    if (!found) return rocksdb::Status::IOError(found.error().message());
    logs_ = std::move(*found);
    return rocksdb::Status::OK();
  }

  rocksdb::Status gather(family which) {
    const auto name = std::string(family_names[static_cast<std::size_t>(which)]);
    std::vector<run> runs;
    for (const auto& table : tables_[name]) {
      run each;
      auto status = lone_table::open(table, name, links() / table.stem(), each.from);
      if (status.ok()) status = each.load();
      if (status.ok())
        runs.push_back(std::move(each));
      else
        leave_out(table, status);
    }
    std::vector<logged_rows::range> deleted;
    for (auto& [number, logged] : logs_) {
      if (numbers_[number] != name) continue;
      runs.push_back({nullptr, std::move(logged.rows), 0});
      std::move(logged.ranges.begin(), logged.ranges.end(), std::back_inserter(deleted));
    }
    return merge(which, runs, deleted);
  }

  /// Of all that is known of a row only the newest counts.
  rocksdb::Status merge(family which, std::vector<run>& runs,
                        const std::vector<logged_rows::range>& deleted) {
    std::priority_queue<run*, std::vector<run*>, decltype(&comes_later)> ahead(comes_later);
    for (auto& each : runs)
      if (!each.rows.empty()) ahead.push(&each);
    bulk_writer out(to_, which);
    std::optional<std::string> last;
    while (!ahead.empty()) {
      auto* const from = ahead.top();
      ahead.pop();
      const auto& row = from->front();
      if (row.user_key != last) {
        last = row.user_key;
        if (counts(which, row, deleted))
          if (auto status = out.put(row.user_key, row.value); !status.ok()) return status;
      }
      if (++from->at == from->rows.size())
        if (auto status = from->load(); !status.ok()) return status;
      if (!from->rows.empty()) ahead.push(from);
    }
    if (auto status = out.finish(); !status.ok()) return status;
    if (which == family::meta) find_first();
    return rocksdb::Status::OK();
  }

  [[nodiscard]] bool counts(family which, const rocksdb::KeyVersion& row,
                            const std::vector<logged_rows::range>& deleted) const {
    if (row.type != version_type::value) return false;
    const bool leaves_with_the_log = which == family::log || which == family::routes || which == family::ends;
    if (leaves_with_the_log && sequence_of(row.user_key) < first_) return false;
    return std::none_of(deleted.begin(), deleted.end(), [&](const logged_rows::range& each) {
      return each.sequence > row.sequence && each.low <= row.user_key && row.user_key < each.high;
    });
  }

  void find_first() {
    const auto stored = to_.get(family::meta, position_entry);
    if (const auto where = stored && *stored ? decode_position(**stored) : std::nullopt)
      first_ = where->first;
  }

  [[nodiscard]] fs::path links() const { return database_ + ".tables"; }

  static void leave_out(const fs::path& table, const rocksdb::Status& why) {
    base::log::warning("queue: {} is left out: {}", table.string(), why.ToString());
  }

  std::string database_;
  store& to_;
  std::map<std::uint32_t, std::string> numbers_;
  std::map<std::string, std::vector<fs::path>> tables_;
  std::map<std::uint32_t, logged_rows> logs_;
  sequence first_ = 0;  ///< of the log; what stands before it was trimmed
};

}  // namespace

rocksdb::Status gather(const std::string& database, store& to) {
  return gatherer(database, to).work();
}

}  // namespace cartrelay::queue::rocks
