#include "daemon/client/destination_entry.hpp"

#include "daemon/client/member_text.hpp"
#include "daemon/client/report.hpp"

#include <boost/json.hpp>

namespace cartrelay::daemon {

boost::json::value destination_entry(const daemon_client& daemon, std::string_view name) {
  const auto came = daemon.get("/status");
  if (!succeeded(came)) return {};
  const auto read = read_answer(*came, [&](const boost::json::value& status) {
    for (const auto& each : status.at("destinations").as_array())
      if (member_text(each, "name") == name) return each;
    return boost::json::value();
  });
  return read ? *read : boost::json::value();
}

}  // namespace cartrelay::daemon
