#include "sandbox/errc.hpp"

namespace cartrelay::sandbox {
namespace {

// Boost's categories are never deleted, and have no virtual destructor.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "sandbox"; }
  std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::cannot_write:
        return "a file cannot be written";
      case errc::bad_option:
        return "an option cannot be used";
    }
    return "unknown sandbox error";
  }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& sandbox_category() noexcept {
  static const category one;
  return one;
}

}  // namespace cartrelay::sandbox
