#pragma once

#include "http/send_ring.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace cartrelay::http {

/// Has an answer that leaves with others; no longer when destroyed.
class burst_member
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  burst_member() = default;
  burst_member(const burst_member&) = delete;
  burst_member& operator=(const burst_member&) = delete;
  virtual ~burst_member() = default;

  /// Of a plain socket that is open.
  [[nodiscard]] virtual int descriptor() noexcept = 0;
  [[nodiscard]] virtual std::string_view unsent() const noexcept = 0;
  /// `would_block`: it was not all. Must not destroy a member nor resume a coroutine.
  virtual void on_sent(std::size_t count, const boost::system::error_code& failure) noexcept = 0;
};

/// The answers of a commit group become ready together, and leave together. One by one, the first would wake
/// its client, which takes the processor from the others: two context switches an answer instead of two a
/// group.
///
/// Thread rules: the I/O thread of its members.
class answer_burst : public std::enable_shared_from_this<answer_burst> {
 public:
  /// False: nothing else becomes ready now (see base::mailbox), so the answer is to be written at once.
  bool add(burst_member& one);

 private:
  void send_all();

  boost::intrusive::list<burst_member, boost::intrusive::constant_time_size<false>> waiting_;
  std::vector<burst_member*> members_;  // while they are sent, with pieces_; kept for their capacity
  std::vector<send_ring::piece> pieces_;
  send_ring ring_;
};

}  // namespace cartrelay::http
