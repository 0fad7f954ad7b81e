#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

/// The logging façade: levels and words. Control characters are escaped here, once, so no
/// caller can forge a line. Thread rules: any thread; lines never interleave. Never log bodies, secrets, or
/// personal data at info and above.
namespace cartrelay::base::log {

enum class level { trace, debug, info, warning, error };
enum class format { automatic, text, json };

struct options {
  level minimum = level::info;
  format shape = format::automatic;  ///< automatic: priorities where the journal reads stderr, text otherwise

  friend bool operator==(const options&, const options&) = default;
};

/// Before the first thread starts, and again on reload.
void configure(const options& settings);
[[nodiscard]] bool enabled(level at) noexcept;
void write(level at, std::string_view message);

template <class... Args>
void at(level severity, fmt::format_string<Args...> form, Args&&... args) {
  if (enabled(severity)) write(severity, fmt::format(form, std::forward<Args>(args)...));
}
template <class... Args>
void debug(fmt::format_string<Args...> form, Args&&... args) {
  at(level::debug, form, std::forward<Args>(args)...);
}
template <class... Args>
void info(fmt::format_string<Args...> form, Args&&... args) {
  at(level::info, form, std::forward<Args>(args)...);
}
template <class... Args>
void warning(fmt::format_string<Args...> form, Args&&... args) {
  at(level::warning, form, std::forward<Args>(args)...);
}
template <class... Args>
void error(fmt::format_string<Args...> form, Args&&... args) {
  at(level::error, form, std::forward<Args>(args)...);
}

}  // namespace cartrelay::base::log
