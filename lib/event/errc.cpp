#include "event/errc.hpp"

#include "base/category.hpp"

namespace cartrelay::event {
namespace {

const char* in_words(errc value) {
  switch (value) {
    case errc::unknown_version:
      return "the stored event has an encoding of a newer version";
    case errc::corrupt:
      return "the stored event is damaged";
  }
  return "unknown event error";
}

}  // namespace

const boost::system::error_category& event_category() noexcept {
  static const base::category<errc> one("event", in_words);
  return one;
}

}  // namespace cartrelay::event
