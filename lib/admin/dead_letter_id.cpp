#include "admin/dead_letter_id.hpp"

#include "ingest/sequence.hpp"

#include <fmt/format.h>

#include <vector>

namespace cartrelay::admin {

std::optional<queue::destination_id> id_of(const ingest::destination_names& names, std::string_view name) {
  for (const auto& [id, known] : names)
    if (known == name) return id;
  return std::nullopt;
}

std::string unknown_name(const ingest::destination_names& names, std::string_view name) {
  std::vector<std::string_view> known;
  known.reserve(names.size());
  for (const auto& each : names)
    known.push_back(each.second);
  return http::unknown_word(name, known);
}

std::optional<queue::destination_id> read_destination(http::query_reader& asked,
                                                      const ingest::destination_names& names) {
  const auto name = asked.text("destination");
  if (!name) return std::nullopt;
  const auto found = id_of(names, *name);
  if (!found) asked.refuse("destination", unknown_name(names, *name));
  return found;
}

std::string name_of(const ingest::destination_names& names, queue::destination_id id) {
  const auto found = names.find(id);
  return found == names.end() ? std::string() : found->second;
}

std::string format_dead_letter_id(const queue::dead_letter_key& key, const ingest::destination_names& names) {
  return fmt::format("{}-{}", name_of(names, key.destination), key.number);
}

std::optional<queue::dead_letter_key> parse_dead_letter_id(std::string_view text,
                                                           const ingest::destination_names& names) {
  const auto dash = text.rfind('-');  // a destination's name may hold dashes
  if (dash == std::string_view::npos) return std::nullopt;
  const auto destination = id_of(names, text.substr(0, dash));
  const auto number = ingest::parse_sequence(text.substr(dash + 1));
  if (!destination || !number) return std::nullopt;
  return queue::dead_letter_key{*destination, *number};
}

}  // namespace cartrelay::admin
