#include "queue/rocksdb/row_versions.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/families.hpp"
#include "queue/rocksdb/log_format.hpp"
#include "queue/rocksdb/tuning.hpp"

#include <rocksdb/sst_file_reader.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t rows_at_once = 1000;

/// Takes the writes of a record in their order; each has the number after the one before.
class collector final : public rocksdb::WriteBatch::Handler {
 public:
  collector(std::map<std::uint32_t, logged_rows>& to, rocksdb::SequenceNumber first)
      : to_(to), sequence_(first) {}

  rocksdb::Status PutCF(std::uint32_t in, const rocksdb::Slice& key, const rocksdb::Slice& content) override {
    to_[in].rows.emplace_back(key.ToString(), content.ToString(), sequence_++, version_type::value);
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(std::uint32_t in, const rocksdb::Slice& key) override {
    to_[in].rows.emplace_back(key.ToString(), std::string(), sequence_++, version_type::deletion);
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteRangeCF(std::uint32_t in, const rocksdb::Slice& low,
                                const rocksdb::Slice& high) override {
    to_[in].ranges.push_back({low.ToString(), high.ToString(), sequence_++});
    return rocksdb::Status::OK();
  }

 private:
  std::map<std::uint32_t, logged_rows>& to_;
  rocksdb::SequenceNumber sequence_;
};

/// The records of one log, past what is damaged.
class log_reader {
 public:
  log_reader(std::string_view bytes, std::map<std::uint32_t, logged_rows>& to) : bytes_(bytes), to_(to) {}

  /// False: something was left out.
  bool read() {
    for (std::size_t at = 0; at < bytes_.size(); at += log_format::block)
      read_block(at, std::min(at + log_format::block, bytes_.size()));
    return whole_ && !begun_;
  }

 private:
  /// A fragment lies within one, so that each can be read whatever the one before holds.
  void read_block(std::size_t begin, std::size_t end) {
    log_format::walk along(bytes_.substr(0, end), begin);
    while (const auto each = along.next()) {
      if (!log_format::is_right(bytes_, *each)) return leave_out();
      add(*each);
    }
    if (along.at() < end && !log_format::all_zero(bytes_.substr(along.at(), end - along.at()))) leave_out();
  }

  void add(const log_format::fragment& next) {
    if (next.begins_record() == begun_) leave_out();  // of a record before, its end; of this one, its begin
    if (next.begins_record()) begun_ = true;
    if (!begun_) return;
    record_ += bytes_.substr(next.at + log_format::header, next.size);
    if (next.type != log_format::full && next.type != log_format::last) return;
    const auto first = little_endian(std::string_view(record_).substr(0, sizeof(rocksdb::SequenceNumber)));
    collector into(to_, first);
    const auto status = rocksdb::WriteBatch(std::exchange(record_, {})).Iterate(&into);
    begun_ = false;
    if (!status.ok()) leave_out();
  }

  void leave_out() {
    whole_ = begun_ = false;
    record_.clear();
  }

  std::string_view bytes_;
  std::map<std::uint32_t, logged_rows>& to_;
  std::string record_;
  bool begun_ = false, whole_ = true;
};

std::vector<rocksdb::ColumnFamilyDescriptor> families_with(const std::string& name) {
  auto all = family_descriptors(std::make_shared<horizons>());
  std::erase_if(all, [&](const auto& each) {
    return each.name != name && each.name != rocksdb::kDefaultColumnFamilyName;
  });
  return all;
}

}  // namespace

bool stands_before(const rocksdb::KeyVersion& one, const rocksdb::KeyVersion& other) {
  return std::tie(one.user_key, other.sequence) < std::tie(other.user_key, one.sequence);
}

base::result<std::map<std::uint32_t, logged_rows>> read_logs(const std::string& folder) {
  const auto logs = log_format::logs_in(folder);
  if (!logs) return logs.error();
  std::map<std::uint32_t, logged_rows> found;
  for (const auto& [number, log] : *logs) {
    const auto bytes = base::read_file(log);
    if (!bytes) base::log::warning("queue: {}: {}", log.string(), bytes.error().message());
    const bool whole = bytes && log_reader(*bytes, found).read();
    if (!whole) base::log::warning("queue: {} is not read as a whole", log.string());
  }
  for (auto& [in, each] : found)
    std::sort(each.rows.begin(), each.rows.end(), stands_before);
  return found;
}

rocksdb::Status lone_table::look(const fs::path& table, origin& out) {
  rocksdb::SstFileReader reader{rocksdb::Options()};
  if (auto status = reader.Open(table); !status.ok()) return status;
  const auto properties = reader.GetTableProperties();
  out = {static_cast<std::uint32_t>(properties->column_family_id), properties->column_family_name};
  return rocksdb::Status::OK();
}

rocksdb::Status lone_table::open(const fs::path& table, const std::string& name, const fs::path& folder,
                                 std::unique_ptr<lone_table>& out) {
  auto made = std::unique_ptr<lone_table>(new lone_table(folder));
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!failure) fs::create_hard_link(table, folder / table.filename(), failure);
  if (failure) return rocksdb::Status::IOError(folder.string(), failure.message());
  const auto how = database_options(nullptr, nullptr);
  how.info_log->SetInfoLogLevel(rocksdb::InfoLogLevel::ERROR_LEVEL);  // it warns of each repair
  const auto families = families_with(name);
  if (auto status = rocksdb::RepairDB(folder, how, families); !status.ok()) return status;
  auto status = rocksdb::DB::OpenForReadOnly(how, folder, families, &made->handles_, &made->db_);
  if (status.ok()) out = std::move(made);
  return status;
}

lone_table::~lone_table() {
  for (auto* const handle : handles_)
    if (db_ != nullptr) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  delete db_;
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

rocksdb::Status lone_table::next(row_versions& out) {
  auto status = rocksdb::GetAllKeyVersions(db_, handles_.back(), from_, rocksdb::Slice(), rows_at_once, &out);
  if (!out.empty()) from_ = out.back().user_key + '\0';  // the next key that there can be
  return status;
}

}  // namespace cartrelay::queue::rocks
