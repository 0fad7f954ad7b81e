#include "queue/rocksdb/info_log.hpp"

#include "base/log.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace cartrelay::queue::rocks {
namespace {

base::log::level ours(rocksdb::InfoLogLevel level) {
  switch (level) {
    case rocksdb::InfoLogLevel::DEBUG_LEVEL:
      return base::log::level::trace;
    case rocksdb::InfoLogLevel::WARN_LEVEL:
    case rocksdb::InfoLogLevel::ERROR_LEVEL:
    case rocksdb::InfoLogLevel::FATAL_LEVEL:
      return base::log::level::warning;
    default:
      return base::log::level::debug;
  }
}

}  // namespace

info_log::info_log()
    : rocksdb::Logger(base::log::enabled(base::log::level::debug) ? rocksdb::InfoLogLevel::INFO_LEVEL
                                                                  : rocksdb::InfoLogLevel::WARN_LEVEL) {}

void info_log::Logv(const char* format, va_list arguments) {
  Logv(rocksdb::InfoLogLevel::INFO_LEVEL, format, arguments);
}

void info_log::Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) {
  if (level < GetInfoLogLevel() || !base::log::enabled(ours(level))) return;
  std::array<char, 512> line{};
  const int size = std::vsnprintf(line.data(), line.size(), format, arguments);
  if (size > 0) base::log::at(ours(level), "rocksdb: {}", std::string_view(line.data()));
}

}  // namespace cartrelay::queue::rocks
