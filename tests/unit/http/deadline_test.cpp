#include "http/deadline_watch.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace cartrelay::http::testing {
namespace {

using namespace std::chrono_literals;

class patient final : public watched {
 public:
  int called = 0;
  int enough = 1;

 private:
  void on_deadline() noexcept override {
    if (++called == enough) never_expires();
  }
};

TEST(deadline_watch, calls_until_the_deadline_is_moved) {
  boost::asio::io_context context;
  const auto watch = std::make_shared<deadline_watch>(context.get_executor());
  patient once;
  patient thrice;
  thrice.enough = 3;  // what it cancelled had just begun its next step
  for (auto* one : {&once, &thrice}) {
    one->expires_after(0ms);
    watch->add(*one);
  }
  while (thrice.called < 3)
    context.run_one();
  EXPECT_EQ(thrice.called, 3);
  EXPECT_EQ(once.called, 1);
}

TEST(deadline_watch, does_not_call_before_its_time) {
  boost::asio::io_context context;
  const auto watch = std::make_shared<deadline_watch>(context.get_executor());
  patient early;
  patient late;
  early.expires_after(0ms);
  late.expires_after(1h);
  watch->add(early);
  watch->add(late);
  while (early.called == 0)
    context.run_one();
  EXPECT_EQ(late.called, 0);
}

class leaving final : public watched {
  void on_deadline() noexcept override { leave_watch(); }
};

TEST(deadline_watch, rests_when_all_have_left_it) {
  boost::asio::io_context context;
  const auto watch = std::make_shared<deadline_watch>(context.get_executor());
  std::array<leaving, 3> all;
  for (auto& one : all) {
    one.expires_after(0ms);
    watch->add(one);
  }
  context.run_for(10s);
  EXPECT_TRUE(context.stopped()) << "it has nothing more to do";
}

}  // namespace
}  // namespace cartrelay::http::testing
