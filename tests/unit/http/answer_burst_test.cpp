#include "base/completion.hpp"
#include "http/server.hpp"
#include "tests/unit/http/support.hpp"

#include <gmock/gmock.h>

namespace cartrelay::http::testing {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Answers when `together` requests have come, all of them by one wake-up from another thread, as a commit
/// group does. The body is the request's, or 32 MiB where that asks for it.
class gathering_handler final : public handler {
 public:
  gathering_handler(io_thread& io, std::size_t together) : box_(io.executor()), together_(together) {}

  std::optional<response> screen(const request& /*head*/, const peer& /*from*/) override { return {}; }

  base::task<response> handle(request& incoming, const peer& /*from*/) override {
    const auto gather = [&](base::completion<std::string> done) {
      waiting_.emplace_back(std::move(done), incoming.body);
      if (waiting_.size() == together_) release();
    };
    const auto text = co_await base::await_completion<std::string>(box_, gather);
    response answer;
    answer.status = 200;
    answer.body = text == "large" ? std::string(large, 'x') : text;
    co_return answer;
  }

  static constexpr std::size_t large = 32 << 20;

 private:
  void release() {
    std::thread([this] {
      const base::mailbox::burst one_wake_up;
      for (auto& [done, text] : waiting_)
        done(std::move(text));
    }).join();
    waiting_.clear();
  }

  base::mailbox box_;
  std::size_t together_;
  std::vector<std::pair<base::completion<std::string>, std::string>> waiting_;
};

class answer_burst_test : public ::testing::Test {
 protected:
  static constexpr std::size_t count = 5;

  answer_burst_test() {
    for (std::size_t i = 0; i < count; ++i)
      clients_.push_back(std::make_unique<raw_client>(server_.port()));
  }

  io_thread io_;
  gathering_handler handler_{io_, count};
  served server_{io_, {}, handler_};
  std::vector<std::unique_ptr<raw_client>> clients_;
};

TEST_F(answer_burst_test, each_client_gets_its_own_answer_again_and_again) {
  for (int round = 0; round < 3; ++round) {
    const auto text = [&](std::size_t i) { return "round " + std::to_string(round) + std::to_string(i); };
    for (std::size_t i = 0; i < count; ++i)
      clients_[i]->send(post(text(i)));
    for (std::size_t i = 0; i < count; ++i)
      EXPECT_THAT(clients_[i]->read_answers(1), AllOf(StartsWith("HTTP/1.1 200"), EndsWith(text(i))));
  }
}

TEST_F(answer_burst_test, the_last_answer_of_a_connection_comes_before_its_end) {
  for (auto& each : clients_)
    each->send(post("bye", "Connection: close\r\n"));
  for (auto& each : clients_) {
    EXPECT_THAT(each->read_until_close(), AllOf(StartsWith("HTTP/1.1 200"), EndsWith("bye")));
    EXPECT_FALSE(each->timed_out());
  }
}

TEST_F(answer_burst_test, pipelined_requests_are_answered_in_order) {
  for (auto& each : clients_)
    each->send(post("first") + post("second"));
  for (auto& each : clients_) {
    const auto answers = each->read_answers(2);
    EXPECT_THAT(statuses_of(answers), ::testing::ElementsAre(200, 200));
    EXPECT_LT(answers.find("first"), answers.find("second"));
    EXPECT_THAT(answers, EndsWith("second"));
  }
}

TEST_F(answer_burst_test, who_reads_slowly_gets_all_and_holds_up_nobody) {
  for (std::size_t i = 0; i < count; ++i)
    clients_[i]->send(post(i == 2 ? "large" : "small"));
  for (const std::size_t i : {0u, 1u, 3u, 4u})
    EXPECT_THAT(clients_[i]->read_answers(1), EndsWith("small"));
  const auto answer = clients_[2]->read_answers(1);
  EXPECT_THAT(answer.substr(0, 1000), HasSubstr("Content-Length: " + std::to_string(handler_.large)));
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, handler_.large);
  for (auto& each : clients_)
    each->send(post("again"));
  for (auto& each : clients_)
    EXPECT_THAT(each->read_answers(1), EndsWith("again"));
}

TEST_F(answer_burst_test, who_has_left_costs_the_others_nothing) {
  for (std::size_t i = 0; i + 1 < count; ++i)
    clients_[i]->send(post("here"));
  clients_.front() = std::make_unique<raw_client>();
  clients_.back()->send(post("here"));
  for (std::size_t i = 1; i < count; ++i)
    EXPECT_THAT(clients_[i]->read_answers(1), EndsWith("here"));
}

}  // namespace
}  // namespace cartrelay::http::testing
