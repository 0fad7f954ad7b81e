#include "queue/rocksdb/scan.hpp"

#include <utility>

namespace cartrelay::queue::rocks {

scan::scan(const store& data, family from, std::string low, std::string high, const rocksdb::Snapshot* moment)
    : data_(data), from_(from), low_(std::move(low)), high_(std::move(high)), lower_(low_), upper_(high_) {
  options_.fill_cache = false;
  options_.total_order_seek = true;  // also where a family is otherwise looked up by whole keys only
  options_.ignore_range_deletions = true;
  options_.iterate_lower_bound = &lower_;
  options_.iterate_upper_bound = &upper_;
  options_.snapshot = moment;
  renew();
}

void scan::renew() {
  at_.reset(data_.db().NewIterator(options_, data_[from_]));
}

}  // namespace cartrelay::queue::rocks
