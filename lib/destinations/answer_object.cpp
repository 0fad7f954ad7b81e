#include "destinations/answer_object.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace cartrelay::destinations {

std::optional<boost::json::object> answer_object(std::string_view body) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  boost::system::error_code failed;
  auto parsed = boost::json::parse({body.data(), body.size()}, failed);
  if (failed || !parsed.is_object()) return std::nullopt;
  return std::move(parsed.get_object());
}

}  // namespace cartrelay::destinations
