#include "queue/rocksdb/filters.hpp"

#include "queue/rocksdb/index_rows.hpp"
#include "queue/rocksdb/records.hpp"

namespace cartrelay::queue::rocks {
namespace {

using judge = bool (*)(const horizons&, std::string_view key, std::string_view value);

/// As long as its event is there it is also found by source and id, however old it is.
bool old_identity(const horizons& limits, std::string_view key, std::string_view value) {
  const auto known = decode_identity(key, value);
  return known && known->number < limits.kept_from.load() &&
         base::to_micros(known->accepted_at) < limits.identities_before.load();
}

bool expired_state(const horizons& limits, std::string_view key, std::string_view value) {
  const auto known = decode_state(key, value);
  return known && base::to_micros(known->expires) <= limits.now.load();
}

class filter final : public rocksdb::CompactionFilter {
 public:
  filter(judge drop, std::shared_ptr<const horizons> limits) : drop_(drop), limits_(std::move(limits)) {}

  bool Filter(int /*level*/, const rocksdb::Slice& key, const rocksdb::Slice& value,
              std::string* /*new_value*/, bool* /*value_changed*/) const override {
    return drop_(*limits_, key.ToStringView(), value.ToStringView());
  }
  const char* Name() const override { return "cartrelay.expiry"; }

 private:
  judge drop_;
  std::shared_ptr<const horizons> limits_;
};

class factory final : public rocksdb::CompactionFilterFactory {
 public:
  factory(judge drop, std::shared_ptr<const horizons> limits) : drop_(drop), limits_(std::move(limits)) {}

  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context& /*context*/) override {
    return std::make_unique<filter>(drop_, limits_);
  }
  const char* Name() const override { return "cartrelay.expiry_factory"; }

 private:
  judge drop_;
  std::shared_ptr<const horizons> limits_;
};

}  // namespace

std::shared_ptr<rocksdb::CompactionFilterFactory> filter_for(family which,
                                                             std::shared_ptr<const horizons> limits) {
  switch (which) {
    case family::dedup:
      return std::make_shared<factory>(old_identity, std::move(limits));
    case family::index:
      return std::make_shared<factory>(is_stale_index_row, std::move(limits));
    case family::state:
      return std::make_shared<factory>(expired_state, std::move(limits));
    default:
      return nullptr;
  }
}

}  // namespace cartrelay::queue::rocks
