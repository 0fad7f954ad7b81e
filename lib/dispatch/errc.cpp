#include "dispatch/errc.hpp"

namespace cartrelay::dispatch {
namespace {

// The destructor of Boost's class is protected and not virtual: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "cartrelay.dispatch"; }
  [[nodiscard]] std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::unknown_kind:
        return "unknown destination kind";
      case errc::partitions:
        return "the queue has more than one partition";
      case errc::unreadable_control:
        return "unreadable control record";
      case errc::stopping:
        return "stopping";
    }
    return "unknown dispatch error";
  }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& dispatch_category() noexcept {
  static const category instance;
  return instance;
}

}  // namespace cartrelay::dispatch
