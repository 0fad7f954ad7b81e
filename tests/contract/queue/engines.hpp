#pragma once

#include "queue/open.hpp"
#include "tests/contract/queue/support.hpp"

namespace cartrelay::queue::testing {

/// A test of the contract runs once per engine; `GetParam()` is the engine's name.
class engine_contract : public ::testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] client open(const std::function<void(options&)>& change = {}) {
    settings_ = settings_in(folder_.path(), GetParam());
    if (change) change(settings_);
    return client([this] { return queue::open(settings_, base::system_clock()); });
  }
  /// Two destinations, the first one acquired.
  void with_destinations(client& queue) {
    a_ = queue.add("a");
    b_ = queue.add("b");
    held_ = queue.acquire(a_).held;
  }

  temporary_folder folder_;
  options settings_;
  destination_id a_ = 0, b_ = 0;
  lease held_;
};

inline std::string engine_name(const ::testing::TestParamInfo<std::string>& info) {
  return info.param;
}

}  // namespace cartrelay::queue::testing

#define FOR_EVERY_ENGINE(suite) \
  INSTANTIATE_TEST_SUITE_P(engines, suite, ::testing::Values("memory", "rocksdb"), engine_name)
