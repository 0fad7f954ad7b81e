#include "event/content.hpp"

#include "base/digest.hpp"

#include <algorithm>

namespace cartrelay::event {

content_digest content_of(const node& value) {
  std::string canonical;
  canonical.reserve(1'024);
  char before = '[';
  for (const std::string_view name : {"type", "subject", "data"}) {
    canonical += before;
    before = ',';
    if (const node* member = find(value, name))
      append_canonical(canonical, *member);
    else
      canonical += "null";
  }
  canonical += ']';
  const auto whole = base::sha256(canonical);
  content_digest half{};
  std::copy_n(whole.begin(), half.size(), half.begin());
  return half;
}

}  // namespace cartrelay::event
