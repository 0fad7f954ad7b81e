#include "sandbox/errc.hpp"

#include "base/category.hpp"

namespace cartrelay::sandbox {
namespace {

const char* in_words(errc value) {
  switch (value) {
    case errc::cannot_write:
      return "a file cannot be written";
    case errc::bad_option:
      return "an option cannot be used";
  }
  return "unknown sandbox error";
}

}  // namespace

const boost::system::error_category& sandbox_category() noexcept {
  static const base::category<errc> one("sandbox", in_words);
  return one;
}

}  // namespace cartrelay::sandbox
