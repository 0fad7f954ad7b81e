#pragma once

#include "sandbox/document.hpp"
#include "sandbox/form.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::sandbox {

/// One way in which a request breaks its contract.
struct violation {
  std::string where;  ///< `carts[0].products[1].price`
  std::string what;   ///< `must be …`
  std::string text;   ///< the offending value, shortened; may be empty
};
using violations = std::vector<violation>;

/// All of them as one sentence, for vendors whose error is one message.
[[nodiscard]] std::string sentence(const violations& found);

enum class need { required, optional };

/// Holds one JSON object against its contract, member by member, and notes every breach. Each getter answers
/// the member only if it is there and right, so a caller can read what it gets without checking again.
class shape {
 public:
  /// Notes a violation if `what` is no object; the getters then find nothing and note nothing more.
  shape(const value& what, std::string where, violations& found);

  const std::string* string(std::string_view name, need wanted, const form& written = forms::not_empty);
  /// The number as it was written.
  const std::string* number(std::string_view name, need wanted, const form& written);
  /// An optional whole number from 0 to `most`.
  std::optional<std::uint64_t> whole(std::string_view name, std::uint64_t most);
  const bool* boolean(std::string_view name, need wanted);
  const value* array(std::string_view name, need wanted);
  const value* object(std::string_view name, need wanted);
  /// Any type; only counts the name as known.
  const value* any(std::string_view name, need wanted);
  /// Notes each member that none of the getters was asked for.
  void nothing_else();
  /// Those may be there, as strings.
  void only_strings_else();
  /// Those may be there, as arrays of strings.
  void only_lists_else();
  /// Notes a violation at the member `name`, or at the object itself if that is empty.
  void note(std::string_view name, std::string_view what);
  [[nodiscard]] std::string path(std::string_view name) const;

 private:
  void note(std::string_view name, const value* member, std::string_view what);
  [[nodiscard]] bool is_known(std::string_view name) const;
  const value* typed(std::string_view name, need wanted, value::kind type, std::string_view words);

  const value& what_;
  std::string where_;
  violations& found_;
  std::vector<std::string_view> known_;
};

/// `carts[3]`
[[nodiscard]] std::string element_path(std::string_view array, std::size_t index);

}  // namespace cartrelay::sandbox
