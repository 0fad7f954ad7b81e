#include "http/answer_burst.hpp"

#include "base/mailbox.hpp"

namespace cartrelay::http {

bool answer_burst::add(burst_member& one) {
  if (one.is_linked()) return true;
  if (waiting_.empty() && !base::mailbox::at_end_of_run([self = shared_from_this()] { self->send_all(); }))
    return false;
  waiting_.push_back(one);
  return true;
}

void answer_burst::send_all() {
  members_.clear();
  pieces_.clear();
  while (!waiting_.empty()) {
    auto& one = waiting_.front();
    waiting_.pop_front();
    if (one.descriptor() < 0 || one.unsent().empty()) continue;  // closed or written meanwhile
    members_.push_back(&one);
    pieces_.push_back({one.descriptor(), one.unsent()});
  }
  ring_.send(pieces_);
  for (std::size_t i = 0; i < members_.size(); ++i)
    members_[i]->on_sent(pieces_[i].sent, pieces_[i].failure);
}

}  // namespace cartrelay::http
