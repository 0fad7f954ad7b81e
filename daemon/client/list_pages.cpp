#include "daemon/client/list_pages.hpp"

#include "base/text.hpp"
#include "daemon/client/member_text.hpp"
#include "daemon/client/report.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::daemon {
namespace {

constexpr std::size_t longest_list = 4 << 20;

std::string target_of(const list_request& asked) {
  auto target = fmt::format("{}?limit={}{}", asked.path, asked.limit, asked.conditions);
  if (!asked.cursor.empty()) target += "&cursor=" + base::percent_encode(asked.cursor);
  return target;
}

}  // namespace

bool append_page(std::string& whole, std::string_view page) {
  constexpr std::string_view after_entries = R"(],"next_cursor":)";
  const auto end = whole.rfind(after_entries);
  const auto begin = page.find('[');
  if (end == std::string::npos || page.rfind(after_entries) == std::string_view::npos) return false;
  const auto entries_and_cursor = page.substr(begin + 1);
  const bool both = !whole.substr(0, end).ends_with('[') && !entries_and_cursor.starts_with(']');
  whole.resize(end);
  whole.append(both ? "," : "").append(entries_and_cursor);
  return true;
}

base::result<daemon_client::answer> get_list(const daemon_client& daemon, list_request asked) {
  std::string whole;
  while (true) {
    const auto from = asked.cursor;
    auto came = daemon.get(target_of(asked));
    if (!succeeded(came)) return came;
    const auto read = read_answer(*came, [&asked](const boost::json::value& page) {
      asked.limit -= std::min(asked.limit, page.at(asked.member).as_array().size());
      asked.cursor = member_text(page, "next_cursor");
      return true;
    });
    if (!read) return read.error();
    if (!from.empty() && asked.cursor == from) return not_ours(*came);  // it would lead on for ever
    if (whole.empty())
      whole = std::move(came->body);
    else if (!append_page(whole, came->body))
      return not_ours(*came);
    if (asked.limit > 0 && !asked.cursor.empty() && whole.size() < longest_list) continue;
    came->body = std::move(whole);
    return came;
  }
}

}  // namespace cartrelay::daemon
