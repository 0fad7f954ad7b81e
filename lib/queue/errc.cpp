#include "queue/errc.hpp"

#include "base/category.hpp"

namespace cartrelay::queue {
namespace {

const char* in_words(errc value) {
  switch (value) {
    case errc::full:
      return "the queue has reached its maximum size";
    case errc::busy:
      return "too much waits to be written";
    case errc::disk_low:
      return "too little room is left on the disk";
    case errc::read_only:
      return "the queue's storage failed";
    case errc::stopped:
      return "the queue is stopped";
    case errc::unknown:
      return "the write failed: perhaps stored, perhaps not";
    case errc::corrupt:
      return "a stored record does not match its checksum";
    case errc::not_found:
      return "no such record";
    case errc::stale_lease:
      return "another owner has acquired the destination since";
    case errc::locked:
      return "another process holds the queue";
    case errc::incompatible:
      return "the queue was written in a format that this program does not know";
    case errc::damaged:
      return "the queue is damaged";
    case errc::too_large:
      return "the event is larger than the queue takes";
  }
  return "unknown queue error";
}

}  // namespace

const char* reason_of(errc refusal) noexcept {
  switch (refusal) {
    case errc::full:
      return "queue_full";
    case errc::disk_low:
      return "disk_low";
    case errc::stopped:
      return "stopped";
    default:
      return "read_only";
  }
}

const boost::system::error_category& queue_category() noexcept {
  static const base::category<errc> one("queue", in_words);
  return one;
}

}  // namespace cartrelay::queue
