#include "event/content.hpp"

#include "base/digest.hpp"

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
  return base::xxh128(canonical.view());
}

}  // namespace cartrelay::event
