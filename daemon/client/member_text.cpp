#include "daemon/client/member_text.hpp"

#include "daemon/client/visible.hpp"

#include <boost/json.hpp>

namespace cartrelay::daemon {

const boost::json::value* find_member(const boost::json::value& from, std::string_view name) {
  const auto* object = from.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string member_text(const boost::json::value& from, std::string_view name) {
  const auto* found = find_member(from, name);
  if (found == nullptr || found->is_null()) return {};
  return visible(found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found));
}

}  // namespace cartrelay::daemon
