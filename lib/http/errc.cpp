#include "http/errc.hpp"

namespace cartrelay::http {
namespace {

// Boost's categories are never deleted, and have no virtual destructor.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "http"; }
  std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::bad_url:
        return "not a URL that can be used";
      case errc::bad_address:
        return "not an address to listen on";
      case errc::address_in_use:
        return "the address is in use";
      case errc::bad_certificate:
        return "a certificate or key cannot be used";
    }
    return "unknown http error";
  }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& http_category() noexcept {
  static const category one;
  return one;
}

}  // namespace cartrelay::http
