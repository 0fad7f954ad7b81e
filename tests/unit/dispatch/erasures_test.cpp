#include "tests/unit/dispatch/support.hpp"

namespace cartrelay::dispatch {
namespace {

using queue::customer_key;
using testing::ElementsAre;

/// Erasures that meet trouble in the queue.
class erasures_in_trouble : public shop_floor {
 protected:
  static customer_key customer(const std::string& id) { return {customer_key::kind::id, id}; }
  void begin(const std::string& id) {
    boost::asio::co_spawn(io_, subject_->erase(customer(id)),
                          [this, id](std::exception_ptr, const base::result<erasure_report>& report) {
                            EXPECT_TRUE(report) << report.error().message();
                            done_.push_back(id);
                          });
  }

  std::vector<std::string> done_;
};

TEST_F(erasures_in_trouble, one_that_cannot_read_what_it_has_to_says_so_and_holds_up_no_other) {
  start({destination("one")});
  log_.fail_erasable(1, queue::errc::corrupt);
  const auto broken = await(subject_->erase(customer("ann")));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, queue::errc::corrupt);
  EXPECT_TRUE(await(subject_->erase(customer("ivan"))));
}

TEST_F(erasures_in_trouble, one_that_has_to_be_tried_again_lets_the_others_go_first) {
  start({destination("one")});
  log_.fail_erasable(1, queue::errc::read_only);
  begin("ann");
  begin("ivan");
  run_until([this] { return done_.size() == 2; });
  EXPECT_THAT(done_, ElementsAre("ivan", "ann"));
}

}  // namespace
}  // namespace cartrelay::dispatch
