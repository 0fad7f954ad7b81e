#include "daemon/client/preview_text.hpp"

#include "daemon/client/member_text.hpp"
#include "daemon/client/visible.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cartrelay::daemon {
namespace {

using boost::json::value;

std::string request_text(const value& request) {
  auto out = fmt::format("  {} {}\n", member_text(request, "method"), member_text(request, "url"));
  for (const auto& field : request.at("headers").as_object())
    out += fmt::format("  {}: {}\n", visible(field.key()), visible(field.value().as_string()));
  if (const auto body = member_text(request, "body"); !body.empty()) out += fmt::format("\n  {}\n", body);
  return out + "\n";
}

}  // namespace

std::string preview_text(const value& preview) {
  std::string out;
  for (const auto& destination : preview.at("destinations").as_array()) {
    const auto reason = member_text(destination, "reason"), detail = member_text(destination, "detail");
    out += fmt::format("{}: {}{}\n", member_text(destination, "destination"),
                       member_text(destination, "verdict"), reason.empty() ? "" : " (" + reason + ")");
    if (!detail.empty()) out += fmt::format("  {}\n", detail);
    for (const auto& request : destination.at("requests").as_array())
      out += request_text(request);
  }
  return out;
}

}  // namespace cartrelay::daemon
