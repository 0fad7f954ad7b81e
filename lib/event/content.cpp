#include "event/content.hpp"

#include "base/digest.hpp"

#include <algorithm>

namespace cartrelay::event {

content_digest content_of(const node& value) {
  constexpr std::size_t usual = 16 << 10;
  thread_local text_buffer canonical(usual);
  canonical.clear(usual);
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
  const auto whole = base::sha256(canonical.view());
  content_digest half{};
  std::copy_n(whole.begin(), half.size(), half.begin());
  return half;
}

}  // namespace cartrelay::event
