#include "http/errc.hpp"

#include "base/category.hpp"

namespace cartrelay::http {
namespace {

const char* in_words(errc value) {
  switch (value) {
    case errc::bad_url:
      return "not a URL that can be used";
    case errc::bad_address:
      return "not an address to listen on";
    case errc::address_in_use:
      return "the address is in use";
    case errc::bad_certificate:
      return "a certificate cannot be used";
    case errc::bad_key:
      return "a private key cannot be used";
    case errc::endless_records:
      return "TLS records without data and without end";
  }
  return "unknown http error";
}

}  // namespace

const boost::system::error_category& http_category() noexcept {
  static const base::category<errc> one("http", in_words);
  return one;
}

}  // namespace cartrelay::http
