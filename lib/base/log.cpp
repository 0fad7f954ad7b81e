#include "base/log.hpp"

#include "base/clock.hpp"
#include "base/escaped.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>

namespace cartrelay::base::log {
namespace {

struct severity {
  std::string_view name;
  std::string_view journal;  // the "<N>" prefix that journald reads as a priority (sd-daemon(3))
  spdlog::level::level_enum spd;
};
constexpr std::array<severity, 5> severities{{{"trace", "<7>", spdlog::level::trace},
                                              {"debug", "<7>", spdlog::level::debug},
                                              {"info", "<6>", spdlog::level::info},
                                              {"warning", "<4>", spdlog::level::warn},
                                              {"error", "<3>", spdlog::level::err}}};

std::atomic<level> minimum{level::info};
std::atomic<format> shape{format::automatic};

const severity& row(level at) {
  return severities[static_cast<std::size_t>(at)];
}

spdlog::logger& sink() {
  static const auto logger = [] {
    auto made =
        std::make_shared<spdlog::logger>("cartrelay", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

/// The variable is inherited by whatever a service starts: what counts is that it names the file that stderr
/// is (systemd.exec(5)).
bool stderr_is_the_journal() {
  const char* named = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe)
  struct stat file {};
  return named != nullptr && ::fstat(STDERR_FILENO, &file) == 0 &&
         fmt::format("{}:{}", file.st_dev, file.st_ino) == named;
}

std::atomic<bool>& read_by_the_journal() {
  static std::atomic<bool> answer{stderr_is_the_journal()};
  return answer;
}

std::string as_json(level at, std::string_view message, const std::string& time) {
  std::string line;
  json_writer json(line);
  json.begin_object()
      .member("time", time)
      .member("level", row(at).name)
      .member("message", is_valid_utf8(message) ? std::string(message) : escaped(message))
      .end_object();
  return line;
}

}  // namespace

void configure(const options& settings) {
  minimum = settings.minimum;
  shape = settings.shape;
  read_by_the_journal() = stderr_is_the_journal();
}

bool enabled(level at) noexcept {
  return at >= minimum.load(std::memory_order_relaxed);
}

void write(level at, std::string_view message) {
  const auto time = format_rfc3339_millis(system_clock().now());
  const auto chosen = shape.load(std::memory_order_relaxed);
  if (chosen == format::json)
    sink().log(row(at).spd, as_json(at, message, time));
  else if (chosen == format::automatic && read_by_the_journal())
    sink().log(row(at).spd, "{}{}", row(at).journal, escaped(message));
  else
    sink().log(row(at).spd, "{} {:7} {}", time, row(at).name, escaped(message));
}

}  // namespace cartrelay::base::log
