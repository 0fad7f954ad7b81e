#include "event/errc.hpp"

namespace cartrelay::event {
namespace {

// The destructor of Boost's class is protected and not virtual: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "event"; }
  [[nodiscard]] std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::unknown_version:
        return "the stored event has an encoding of a newer version";
      case errc::corrupt:
        return "the stored event is damaged";
    }
    return "unknown";
  }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& event_category() noexcept {
  static const category instance;
  return instance;
}

}  // namespace cartrelay::event
