#pragma once

#include "base/time.hpp"
#include "http/message.hpp"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cartrelay::http {

/// The parameters of a request's query, taken one by one. Whatever is wrong with them is gathered, and
/// finish() says all of it at once; a parameter that was never asked for is a fault that names the nearest
/// one that was.
class query_reader {
 public:
  explicit query_reader(std::string_view query);

  /// Absent and empty are the same: nothing. A plus sign is a space, as forms write it, and `%2B` is a plus
  /// sign.
  [[nodiscard]] std::optional<std::string> text(std::string_view name);
  /// What hardly ever holds a space, such as an address or a phone: a plus sign is one.
  [[nodiscard]] std::optional<std::string> literal(std::string_view name);
  /// What may hold both, where a mistake is not noticed: a plus sign that is not escaped is refused.
  [[nodiscard]] std::optional<std::string> exact(std::string_view name);
  /// RFC 3339 with offset.
  [[nodiscard]] std::optional<base::timestamp> time(std::string_view name);
  [[nodiscard]] std::size_t count(std::string_view name, std::size_t fallback, std::size_t most);
  /// One of `words`; the index of it.
  [[nodiscard]] std::optional<std::size_t> choice(std::string_view name,
                                                  std::span<const std::string_view> words);

  /// A fault of a parameter that only the caller can judge.
  void refuse(std::string_view name, std::string words);
  /// Nothing, or a 400. The last call.
  [[nodiscard]] std::optional<response> finish();

 private:
  using pair_list = std::vector<std::pair<std::string, std::string>>;

  [[nodiscard]] std::optional<std::string> take(const pair_list& from, std::string_view name);

  pair_list pairs_;
  pair_list literal_;  ///< the same, where a plus sign is one
  std::set<std::string, std::less<>> known_;
  std::vector<problem_entry> faults_;
};

/// `"x": unknown, did you mean "y"?`, or the list of what is known.
[[nodiscard]] std::string unknown_word(std::string_view word, std::span<const std::string_view> known);

}  // namespace cartrelay::http
