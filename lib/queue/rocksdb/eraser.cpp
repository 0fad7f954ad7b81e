#include "queue/rocksdb/eraser.hpp"

#include "queue/rocksdb/erasure_job.hpp"
#include "queue/rocksdb/erasure_reads.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {

eraser::eraser(surroundings around) : around_(std::move(around)), cleaner_(around_.data) {}

void eraser::begin(customer_key who, std::vector<memory_entry> known, reply<erasure_start> then) {
  around_.reader.look(
      std::move(then), [this, who = std::move(who), known = std::move(known)](auto answer) mutable {
        const auto now = around_.time.now();
        last_ = std::max(last_ + 1, static_cast<erasure_id>(base::to_micros(now)));
        auto torn = torn_quoting(around_.reads, who);
        if (!torn) {
          answer(torn.error());
          return;
        }
        around_.changes.submit(std::make_unique<begin_erasure_job>(last_, std::move(who), std::move(*torn),
                                                                   std::move(known), now, std::move(answer)));
      });
}

void eraser::open_ones(reply<std::vector<erasure_id>> then) {
  around_.reader.look(std::move(then), [this](auto answer) { answer(open_erasures(around_.reads)); });
}

void eraser::find(erasure_id which, reply<std::vector<record>> then) {
  around_.reader.look(std::move(then), [this, which](auto answer) {
    auto known = find_erasure(around_.reads, which);
    if (known)
      around_.reader.slice(
          std::make_shared<erasable_scan>(around_.reads, std::move(*known), std::move(answer)));
    else
      answer(known.error());
  });
}

void eraser::erase(erasure_id which, std::vector<sequence> numbers, std::vector<memory_entry> known,
                   base::timestamp now, reply<erasure_counts> then) {
  // Several destinations may own a copy of the same event.
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  around_.reader.look(std::move(then), [this, which, numbers = std::move(numbers), known = std::move(known),
                                        now](auto answer) mutable {
    auto found = find_erasure(around_.reads, which);
    if (!found) {
      answer(found.error());
      return;
    }
    auto change = [this, record = std::move(*found), numbers, known = std::move(known), now,
                   answer = std::move(answer)](base::result<std::vector<shared_row>> shared) mutable {
      if (shared)
        around_.changes.submit(std::make_unique<erase_job>(std::move(record), std::move(numbers),
                                                           std::move(*shared), std::move(known), now,
                                                           std::move(answer)));
      else
        answer(shared.error());
    };
    around_.reader.slice(std::make_shared<shared_rows_scan>(around_.reads, numbers, std::move(change)));
  });
}

/// On the reader's thread no other read is under way; what waits there holds nothing of old files.
void eraser::finish(erasure_id which, reply<cleaning> then) {
  around_.reader.look(std::move(then), [this, which](auto answer) {
    files_.post([this, which, answer = std::move(answer)]() mutable { clean(which, std::move(answer)); });
  });
}

void eraser::clean(erasure_id which, reply<cleaning> then) {
  if (!around_.data.is_open()) {
    then(queue::fail(errc::read_only));
    return;
  }
  auto done = cleaner_.clean(around_.room());
  tell_set_aside(around_.folder, done);
  if (!done.clean) {
    then(std::move(done));
    return;
  }
  auto told = [done, then = std::move(then)](const base::result<void>& ended) mutable {
    if (ended)
      then(std::move(done));
    else
      then(ended.error());
  };
  around_.changes.submit(std::make_unique<end_erasure_job>(which, std::move(told)));
}

void eraser::stop() {
  cleaner_.interrupt();
  files_.stop();
}

}  // namespace cartrelay::queue::rocks
