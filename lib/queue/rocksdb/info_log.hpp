#pragma once

#include <rocksdb/env.h>

#include <cstdarg>

namespace cartrelay::queue::rocks {

/// RocksDB's words in our log, and never on the data disk: with RocksDB's own logger a full disk aborts the
/// process.
class info_log final : public rocksdb::Logger {
 public:
  info_log();

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override;
  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override;
};

}  // namespace cartrelay::queue::rocks
