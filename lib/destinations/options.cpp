#include "destinations/options.hpp"

#include "base/text.hpp"
#include "event/node.hpp"
#include "event/reader.hpp"
#include "event/syntax.hpp"

namespace cartrelay::destinations {
namespace {

bool is_identifier(std::string_view text) {
  return text.size() >= event::identifier.shortest && event::find_controls(text) == event::controls::none &&
         base::utf8_characters(text) <= event::identifier.longest;
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
