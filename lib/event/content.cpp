#include "event/content.hpp"

#include "base/digest.hpp"

#include <algorithm>

namespace cartrelay::event {

content_digest content_of(const node& value, std::size_t expected) {
  text_buffer canonical(expected);
  std::string_view before = "[";
  for (const std::string_view name : {"type", "subject", "data"}) {
    canonical.append(before);
    before = ",";
    if (const node* member = find(value, name))
      append_canonical(canonical, *member);
    else
      canonical.append("null");
  }
  canonical.append("]");
  const auto whole = base::sha256(canonical.take());
  content_digest half{};
  std::copy_n(whole.begin(), half.size(), half.begin());
  return half;
}

}  // namespace cartrelay::event
