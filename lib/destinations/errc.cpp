#include "destinations/errc.hpp"

namespace cartrelay::destinations {
namespace {

// The destructor of Boost's class is protected and not virtual: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "destinations"; }
  [[nodiscard]] std::string message(int value) const override {
    return value == static_cast<int>(errc::bad_setting) ? "a setting cannot be used" : "unknown error";
  }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& destinations_category() noexcept {
  static const category instance;
  return instance;
}

}  // namespace cartrelay::destinations
