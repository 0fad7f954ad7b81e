#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text for a terminal, measured in columns: one for each character of UTF-8.
namespace cartrelay::daemon {

[[nodiscard]] std::size_t columns_of(std::string_view text);
/// Filled up with spaces, behind or before it.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width, bool to_the_right = false);
/// The pieces with two spaces between them, in lines that begin like `indent` blanks from the second on. Ends
/// with a line break.
[[nodiscard]] std::string wrapped(const std::vector<std::string>& pieces, std::size_t indent,
                                  std::size_t width);
/// The text behind `lead`, in lines that are broken at a blank, or within a word that is longer than a line;
/// from the second on they begin under the text. Ends with a line break.
[[nodiscard]] std::string folded(std::string_view lead, std::string_view text, std::size_t width);

}  // namespace cartrelay::daemon
