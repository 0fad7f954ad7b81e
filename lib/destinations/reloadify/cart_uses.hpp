#pragma once

#include <map>
#include <memory>
#include <string>

namespace cartrelay::destinations::reloadify {

/// That a delivery is about a cart, for as long as it is under way.
struct cart_use {
  bool mixed = false;  ///< another one about the same cart was under way at some time meanwhile
};

/// Which carts deliveries are about just now. Events of a cart share its order key and go one after the
/// other, unless the shop gives them different partition keys: then nobody can tell what their calls have
/// left in the cart. Delivery thread.
class cart_uses {
 public:
  [[nodiscard]] std::shared_ptr<const cart_use> begin(const std::string& cart_id);

 private:
  std::map<std::string, std::weak_ptr<cart_use>> under_way_;
};

}  // namespace cartrelay::destinations::reloadify
