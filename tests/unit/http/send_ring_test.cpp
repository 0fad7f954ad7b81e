#include "http/send_ring.hpp"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

namespace cartrelay::http {
namespace {

/// Two connected sockets.
class pair_of_sockets {
 public:
  pair_of_sockets() {
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()) != 0) throw std::runtime_error("socketpair");
  }
  pair_of_sockets(const pair_of_sockets&) = delete;
  pair_of_sockets& operator=(const pair_of_sockets&) = delete;
  ~pair_of_sockets() {
    ::close(ends_[0]);
    close_far();
  }

  [[nodiscard]] int near() const { return ends_[0]; }
  void close_far() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }
  /// What has arrived by now.
  [[nodiscard]] std::string arrived() const {
    std::string all(8 << 20, '\0');
    std::size_t size = 0;
    for (ssize_t count = 1; count > 0; size += count > 0 ? static_cast<std::size_t>(count) : 0)
      count = ::recv(ends_[1], all.data() + size, all.size() - size, MSG_DONTWAIT);
    all.resize(size);
    return all;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

class send_ring_test : public ::testing::TestWithParam<bool> {
 protected:
  send_ring ring_{GetParam()};
};

TEST_P(send_ring_test, sends_each_piece_to_its_socket) {
  for (const std::size_t count : {1u, 2u, 64u, 200u}) {
    const std::vector<pair_of_sockets> sockets(count);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i)
      texts.push_back("answer " + std::to_string(i));
    std::vector<send_ring::piece> pieces;
    for (std::size_t i = 0; i < count; ++i)
      pieces.push_back({sockets[i].near(), texts[i]});
    ring_.send(pieces);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(pieces[i].sent, texts[i].size());
      EXPECT_FALSE(pieces[i].failure);
      EXPECT_EQ(sockets[i].arrived(), texts[i]);
    }
  }
}

TEST_P(send_ring_test, waits_for_nobody_and_tells_who_is_gone) {
  std::vector<pair_of_sockets> sockets(4);
  sockets[2].close_far();
  const std::string small = "small", large(8 << 20, 'x');
  std::vector<send_ring::piece> pieces{{sockets[0].near(), small},
                                       {sockets[1].near(), large},
                                       {sockets[2].near(), small},
                                       {sockets[3].near(), small}};
  ring_.send(pieces);
  EXPECT_FALSE(pieces[0].failure);
  EXPECT_EQ(sockets[0].arrived(), small);
  EXPECT_EQ(pieces[1].failure, boost::asio::error::would_block);
  EXPECT_GT(pieces[1].sent, 0u);
  EXPECT_LT(pieces[1].sent, large.size());
  EXPECT_EQ(sockets[1].arrived().size(), pieces[1].sent);
  EXPECT_EQ(pieces[2].failure, boost::asio::error::broken_pipe);
  EXPECT_EQ(pieces[2].sent, 0u);
  EXPECT_FALSE(pieces[3].failure);
  EXPECT_EQ(sockets[3].arrived(), small);
}

TEST_P(send_ring_test, sends_nothing_into_a_socket_that_is_full) {
  std::vector<pair_of_sockets> sockets(2);
  const std::string large(8 << 20, 'x'), small = "small";
  std::vector<send_ring::piece> first{{sockets[0].near(), large}};
  ring_.send(first);
  std::vector<send_ring::piece> second{{sockets[0].near(), small}, {sockets[1].near(), small}};
  ring_.send(second);
  EXPECT_EQ(second[0].failure, boost::asio::error::would_block);
  EXPECT_EQ(second[0].sent, 0u);
  EXPECT_FALSE(second[1].failure);
}

INSTANTIATE_TEST_SUITE_P(with_io_uring_and_without, send_ring_test, ::testing::Bool());

}  // namespace
}  // namespace cartrelay::http
