#pragma once

#include "base/time.hpp"
#include "destinations/delivery.hpp"
#include "destinations/verdict.hpp"
#include "queue/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cartrelay::dispatch {

/// Events that go to their vendor together, in one attempt.
struct batch {
  std::uint64_t id = 0;                  ///< within the lane
  std::vector<queue::sequence> numbers;  ///< in the order in which they go
  std::vector<std::string> memos;        ///< as many: what the kind wanted back
  bool probe = false;
};

/// What an attempt came to.
struct attempt_result {
  std::vector<destinations::judgement> judgements;  ///< one per event
  std::vector<destinations::memory_change> changes;
  std::string request;   ///< the last: `POST https://host/path`; empty if none was sent
  int status = 0;        ///< of the last answer; 0: none came
  std::string answer;    ///< its body, or the failure's words
  std::string evidence;  ///< the last request as JSON, secrets masked
  base::timestamp began;
  bool abandoned = false;  ///< broken off between two requests or by stop(): no event's and no vendor's fault
};

}  // namespace cartrelay::dispatch
