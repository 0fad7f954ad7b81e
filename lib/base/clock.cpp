#include "base/clock.hpp"

namespace cartrelay::base {
namespace {

class machine_clock final : public clock {
 public:
  [[nodiscard]] timestamp now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
  [[nodiscard]] steady_time steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace

const clock& system_clock() noexcept {
  static const machine_clock instance;
  return instance;
}

}  // namespace cartrelay::base
