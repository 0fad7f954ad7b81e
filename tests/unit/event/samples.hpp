#pragma once

#include "event/parse.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// What the tests of this room parse.
namespace cartrelay::event::samples {

inline constexpr std::size_t max_events = 100;
[[nodiscard]] base::timestamp arrival();  ///< when everything here was received

[[nodiscard]] std::string read_file(const std::filesystem::path& path);
[[nodiscard]] std::vector<std::filesystem::path> files(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path corpus();
[[nodiscard]] std::string good(std::string_view name);  ///< a document of corpus/good, without `.json`

/// `{"id":"1","source":"s","type":"page.viewed",<more>"data":{"page":{"url":"/"}}}`
[[nodiscard]] std::string page_view(std::string_view more = {});
/// An order.cancelled whose order has id 1 and `members` (each with a comma in front).
[[nodiscard]] std::string cancelled_order(std::string_view members);

[[nodiscard]] boost::system::result<std::vector<event>, faults> parse(std::string_view body,
                                                                      encoding how = encoding::json,
                                                                      const options& rules = {});
/// Of a body with one good event; a test that gets none fails.
[[nodiscard]] event one(std::string_view body, const options& rules = {});
/// `[index] pointer: detail` per fault.
[[nodiscard]] std::vector<std::string> refusal(std::string_view body, encoding how = encoding::json,
                                               const options& rules = {});
[[nodiscard]] std::vector<std::string> in_words(const faults& refused);

}  // namespace cartrelay::event::samples
