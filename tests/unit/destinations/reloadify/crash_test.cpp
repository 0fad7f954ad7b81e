// Whatever breaks and whenever: once a snapshot was delivered, the vendor's cart holds exactly its products.
// The dispatcher of this test makes the changes durable that a delivery asks for, loses everything else in a
// crash, and lets a newer snapshot replace what was under way.
#include "base/random.hpp"
#include "base/text.hpp"
#include "shop.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cartrelay::destinations::reloadify::test {
namespace {

/// One cart at the vendor, by what its calls do.
class vendor {
 public:
  http::outcome receive(const http::request& call) {
    const std::string products = carts + "/k-1/products";
    if (call.target == carts) return cart_exists_ = true, answer(200);
    if (call.target == carts + "/k-1") return cart_exists_ = false, held_.clear(), answer(204);
    if (!cart_exists_) return answer(404);
    if (call.target == products) return answer(200, list());
    const auto id = *base::percent_decode(call.target.substr(products.size() + 1));
    if (call.method == "PUT") return held_.insert(id), answer(200);
    return answer(held_.erase(id) == 1 ? 204 : 404);
  }
  [[nodiscard]] const std::set<std::string>& held() const { return held_; }

 private:
  [[nodiscard]] std::string list() const {
    std::string out;
    for (const auto& id : held_)
      out += fmt::format(R"({}{{"id":"{}"}})", out.empty() ? "" : ",", id);
    return R"({"data":[)" + out + "]}";
  }

  bool cart_exists_ = false;
  std::set<std::string> held_;
};

class simulation {
 public:
  explicit simulation(std::uint64_t seed) : chance_(seed), where_(shop()) {}

  enum class end { delivered, failed, crashed };
  /// One attempt that fails, is answered though the answer is lost, or is cut off by a crash, now and then.
  end attempt(const event::event_ptr& what, bool disturbed) {
    const auto one = where_->begin({{what, {}}}, durable_);
    remember(one->changes_before());
    while (const auto call = one->next(now)) {
      const auto fate = disturbed ? chance_.below(8) : 7;
      if (fate == 0) return end::crashed;
      if (fate == 1) {
        one->take(answer(503));
        continue;
      }
      const auto came = vendor_.receive(*call);
      if (fate == 2) return end::crashed;
      one->take(fate == 3 ? failed(http::stage::sent) : came);
    }
    if (disturbed && chance_.below(8) == 0) return end::crashed;  // before the end is durable
    remember(one->changes());
    return one->judgements().front().what == verdict::delivered ? end::delivered : end::failed;
  }

  event::event_ptr some_event(std::vector<std::string>& products) {
    const auto id = std::string(1, static_cast<char>('a' + chance_.below(4)));
    switch (chance_.below(4)) {
      case 0:
        return item_event("cart.item_added", id);
      case 1:
        return item_event("cart.item_removed", id);
      default:
        products.clear();
        for (const auto* one : {"a", "b", "c", "d"})
          if (chance_.below(2) == 0) products.emplace_back(one);
        return snapshot(products);
    }
  }

  [[nodiscard]] const std::set<std::string>& held() const { return vendor_.held(); }

 private:
  void remember(const std::vector<memory_change>& changes) {
    for (const auto& one : changes) {
      if (one.value)
        durable_[one.key] = *one.value;
      else
        durable_.erase(one.key);
    }
  }

  base::random_source chance_;
  std::unique_ptr<destination> where_;
  vendor vendor_;
  memory durable_;
};

TEST(crashes, leave_no_product_behind) {
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    simulation world(seed);
    std::vector<std::string> products;
    for (int step = 0; step < 12; ++step)
      world.attempt(world.some_event(products), true);  // a newer one replaces it, delivered or not
    products = {"a", "c"};
    ASSERT_EQ(world.attempt(snapshot(products), false), simulation::end::delivered);
    ASSERT_EQ(world.held(), std::set<std::string>(products.begin(), products.end())) << "seed " << seed;
  }
}

}  // namespace
}  // namespace cartrelay::destinations::reloadify::test
