#include "queue/rocksdb/info_log.hpp"

#include "base/log.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace cartrelay::queue::rocks {
namespace {

/// It lists all its options at each opening: nothing for who looks at deliveries.
base::log::level ours(rocksdb::InfoLogLevel level) {
  switch (level) {
    case rocksdb::InfoLogLevel::WARN_LEVEL:
    case rocksdb::InfoLogLevel::ERROR_LEVEL:
    case rocksdb::InfoLogLevel::FATAL_LEVEL:
      return base::log::level::warning;
    default:
      return base::log::level::trace;
  }
}

/// The opening's own status says it, to one who knows whether this try is worth a line.
bool is_said_by_the_status(std::string_view format) {
  return format.find("DB::Open() failed") != std::string_view::npos;
}

}  // namespace

info_log::info_log()
    : rocksdb::Logger(base::log::enabled(base::log::level::trace) ? rocksdb::InfoLogLevel::INFO_LEVEL
                                                                  : rocksdb::InfoLogLevel::WARN_LEVEL) {}

void info_log::Logv(const char* format, va_list arguments) {
  Logv(rocksdb::InfoLogLevel::INFO_LEVEL, format, arguments);
}

void info_log::Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) {
  if (level < GetInfoLogLevel() || !base::log::enabled(ours(level)) || is_said_by_the_status(format)) return;
  std::array<char, 512> line{};
  const int size = std::vsnprintf(line.data(), line.size(), format, arguments);
  if (size <= 0) return;
  const std::string_view words(line.data());
  const auto end = words.find_last_not_of(" \t\n") + 1;
  if (end > 0) base::log::at(ours(level), "rocksdb: {}", words.substr(0, end));
}

}  // namespace cartrelay::queue::rocks
