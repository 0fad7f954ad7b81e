#include "destinations/options.hpp"

#include "event/node.hpp"
#include "event/reader.hpp"
#include "event/syntax.hpp"

namespace cartrelay::destinations {
namespace {

bool is_identifier(std::string_view text) {
  constexpr auto& rule = event::identifier;
  return text.size() >= rule.shortest && rule.allows(event::find_controls(text)) && !rule.is_passed_by(text);
}

}  // namespace

bool filter_options::is_possible_source(std::string_view text) {
  return is_identifier(text) && event::syntax::is_uri_reference(text);
}

bool filter_options::is_possible_market(std::string_view text) {
  return is_identifier(text);
}

bool filter_options::is_possible_language(std::string_view text) {
  return is_identifier(text) && event::syntax::is_language(text);
}

}  // namespace cartrelay::destinations
