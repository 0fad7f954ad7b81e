#include "destinations/errc.hpp"

namespace cartrelay::destinations {
namespace {

class destinations_error_category final : public boost::system::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "destinations"; }
  [[nodiscard]] std::string message(int value) const override {
    return value == static_cast<int>(errc::bad_setting) ? "a setting cannot be used" : "unknown error";
  }
};

}  // namespace

const boost::system::error_category& destinations_category() noexcept {
  static const destinations_error_category instance;
  return instance;
}

}  // namespace cartrelay::destinations
