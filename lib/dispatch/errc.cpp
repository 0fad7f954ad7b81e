#include "dispatch/errc.hpp"

#include "base/category.hpp"

namespace cartrelay::dispatch {
namespace {

const char* in_words(errc value) {
  switch (value) {
    case errc::unknown_kind:
      return "unknown destination kind";
    case errc::partitions:
      return "the queue has more than one partition";
    case errc::unreadable_control:
      return "unreadable control record";
    case errc::other_kind:
      return "another kind of destination";
    case errc::stopping:
      return "stopping";
  }
  return "unknown dispatch error";
}

}  // namespace

const boost::system::error_category& dispatch_category() noexcept {
  static const base::category<errc> one("dispatch", in_words);
  return one;
}

}  // namespace cartrelay::dispatch
