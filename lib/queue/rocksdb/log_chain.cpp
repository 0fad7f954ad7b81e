#include "queue/rocksdb/log_chain.hpp"

#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/log_format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

using log_format::walk;

/// A record is a write batch. It begins with the number of its first write and how many it has.
constexpr std::size_t number_size = 8, batch_header = number_size + 4;

/// From the first write of a log to the one that follows its last.
struct stretch {
  std::uint64_t first = 0, next = 0;
};

/// Nothing: no whole record.
std::optional<stretch> writes_in(std::string_view log) {
  std::optional<stretch> found;
  std::string begin;
  walk along(log, 0);
  while (const auto each = along.next()) {
    if (each->begins_record()) begin.clear();
    if (begin.size() == batch_header) continue;
    begin += log.substr(each->at + log_format::header, std::min(each->size, batch_header - begin.size()));
    if (begin.size() < batch_header) continue;
    const auto number = little_endian(std::string_view(begin).substr(0, number_size));
    if (!found) found = stretch{number, number};
    found->next = number + little_endian(std::string_view(begin).substr(number_size));
  }
  return found;
}

}  // namespace

rocksdb::Status check_log_chain(rocksdb::Env& disk, const std::string& folder, std::uint64_t needed,
                                const std::optional<torn_write>& torn) {
  std::optional<stretch> before;
  std::filesystem::path last;
  const auto logs = log_format::logs_in(folder);
  if (!logs) return rocksdb::Status::IOError(logs.error().message());
  for (const auto& [number, log] : *logs) {
    if (number < needed) continue;
    std::string bytes;
    if (auto status = rocksdb::ReadFileToString(&disk, log, &bytes); !status.ok()) return status;
    if (torn && torn->log == log) bytes.resize(torn->begin);
    const auto found = writes_in(bytes);
    if (!found) continue;
    if (before && found->first != before->next)
      return rocksdb::Status::Corruption(fmt::format("writes {} to {} are missing between {} and {}",
                                                     before->next, found->first - 1, last.filename().string(),
                                                     log.filename().string()));
    before = found;
    last = log;
  }
  return rocksdb::Status::OK();
}

}  // namespace cartrelay::queue::rocks
