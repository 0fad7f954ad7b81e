#include "daemon/client/event_input.hpp"

#include "base/file.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace cartrelay::daemon {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_json(std::string_view text) {
  boost::system::error_code unparsable;
  boost::json::parse({text.data(), text.size()}, unparsable);
  return !unparsable;
}

/// A document with a slip in it is none, and yet no NDJSON: that begins with a line that is whole, or would
/// be but for a slip of its own.
bool is_ndjson(std::string_view text) {
  if (is_json(text)) return false;
  auto first = text.substr(std::min(text.find_first_not_of(blanks), text.size()));
  first = first.substr(0, first.find('\n'));
  first = first.substr(0, first.find_last_not_of(blanks) + 1);
  return is_json(first) || (first.starts_with('{') && first.ends_with('}'));
}

}  // namespace

base::result<std::string> read_event_input(const std::string& file) {
  const bool is_standard = file == "-";
  const std::string name = is_standard ? "the standard input" : file;
  auto text = is_standard ? base::read_all(STDIN_FILENO) : base::read_file(file);
  if (!text)
    return base::error{text.error().code, fmt::format("cannot read {}: {}", name, text.error().message())};
  if (text->find_first_not_of(blanks) == std::string::npos)
    return base::error{make_error_code(boost::system::errc::no_message),
                       fmt::format("there is no event in {}", name)};
  return text;
}

std::vector<portion> split_events(std::string text, std::size_t batch, std::size_t bytes) {
  if (!is_ndjson(text)) return {{std::move(text), "application/json"}};
  std::vector<portion> out;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = std::string_view(text).substr(at, end - at);
    ++number;
    at = end + 1;
    if (line.find_first_not_of(blanks) == std::string_view::npos) continue;
    if (out.empty() || out.back().lines.size() == batch || out.back().body.size() + line.size() >= bytes)
      out.push_back({"", "application/x-ndjson"});
    out.back().body.append(line).append("\n");
    out.back().lines.push_back(number);
  }
  return out;
}

std::string fate_of(const portion& failed, bool refused) {
  const auto& lines = failed.lines;
  if (refused)
    return lines.empty() ? "nothing of it was stored"
                         : fmt::format("nothing from line {} on was stored", lines.front());
  constexpr std::string_view advice = "sending all of it again is safe: what is repeated is told by its id";
  if (lines.empty()) return fmt::format("whether it was stored is not known; {}", advice);
  return fmt::format(
      "whether lines {} to {} were stored is not known, and what follows them was not sent; {}",
      lines.front(), lines.back(), advice);
}

}  // namespace cartrelay::daemon
