#include "event/text_store.hpp"

#include <functional>
#include <stdexcept>

namespace cartrelay::event {

text_store::text_store(std::string_view parsed, std::size_t elsewhere)
    : parsed_(parsed),
      size_(parsed.size() + elsewhere),
      used_(parsed.size()),
      memory_(std::make_shared_for_overwrite<char[]>(size_)) {
  parsed.copy(memory_.get(), parsed.size());
}

std::string_view text_store::keep(std::string_view read) {
  if (read.empty()) return "";
  const std::less_equal<const char*> before;
  if (before(parsed_.data(), read.data()) &&
      before(read.data() + read.size(), parsed_.data() + parsed_.size()))
    return {memory_.get() + (read.data() - parsed_.data()), read.size()};
  if (read.size() > size_ - used_) throw std::logic_error("a string that is not of the event's document");
  char* const place = memory_.get() + used_;
  used_ += read.copy(place, read.size());
  return {place, read.size()};
}

}  // namespace cartrelay::event
