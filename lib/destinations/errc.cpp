#include "destinations/errc.hpp"

#include "base/category.hpp"

namespace cartrelay::destinations {
namespace {

const char* in_words(errc value) {
  switch (value) {
    case errc::bad_setting:
      return "a setting cannot be used";
  }
  return "unknown destinations error";
}

}  // namespace

const boost::system::error_category& destinations_category() noexcept {
  static const base::category<errc> one("destinations", in_words);
  return one;
}

}  // namespace cartrelay::destinations
