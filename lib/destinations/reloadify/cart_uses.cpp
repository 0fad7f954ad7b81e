#include "destinations/reloadify/cart_uses.hpp"

namespace cartrelay::destinations::reloadify {

std::shared_ptr<const cart_use> cart_uses::begin(const std::string& cart_id) {
  std::erase_if(under_way_, [](const auto& one) { return one.second.expired(); });
  auto& known = under_way_[cart_id];
  auto use = known.lock();
  if (use) {
    use->mixed = true;
  } else {
    use = std::make_shared<cart_use>();
    known = use;
  }
  return use;
}

}  // namespace cartrelay::destinations::reloadify
