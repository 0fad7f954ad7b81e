#include "destinations/options.hpp"

#include "event/syntax.hpp"

namespace cartrelay::destinations {

bool filter_options::is_possible_source(std::string_view text) {
  return !text.empty() && event::syntax::is_uri_reference(text);
}

bool filter_options::is_possible_market(std::string_view text) {
  return !text.empty();
}

bool filter_options::is_possible_language(std::string_view text) {
  return event::syntax::is_language(text);
}

}  // namespace cartrelay::destinations
