#include "config/token.hpp"

#include "http/message.hpp"

namespace cartrelay::config {

std::optional<std::string_view> token_fault(const base::secret& token) {
  if (http::is_valid_field_value(token.reveal())) return std::nullopt;
  return "holds characters that cannot stand in an HTTP header (line breaks among them) or begins or ends "
         "with a space: no client could send it";
}

}  // namespace cartrelay::config
