#include "queue/rocksdb/late_sorting_memtable.hpp"

#include "base/leading.hpp"
#include "base/thread.hpp"

#include <boost/sort/spreadsort/integer_sort.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::size_t tag_size = 8;  // RocksDB's sequence number and type, at the end of each internal key

/// A row as RocksDB lays it out: the length of the internal key, the key, the value.
rocksdb::Slice key_of(const char* row) {
  std::uint32_t size = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(*row++);
    size |= (byte & 0x7fu) << shift;
    if (byte < 0x80) return {row, size};
  }
}

rocksdb::Slice without_tag(const rocksdb::Slice& internal_key) {
  return {internal_key.data(), internal_key.size() - tag_size};
}

std::string_view user_key_of(const char* row) {
  return without_tag(key_of(row)).ToStringView();
}

/// What RocksDB's comparator says of keys that are ordered by their bytes, the newest of the same key first,
/// without its virtual calls and counters.
bool stands_before(const char* a, const char* b) {
  const auto first = key_of(a), second = key_of(b);
  if (const auto way = without_tag(first).compare(without_tag(second)); way != 0) return way < 0;
  std::uint64_t newer = 0, older = 0;
  std::memcpy(&newer, first.data() + first.size() - tag_size, tag_size);
  std::memcpy(&older, second.data() + second.size() - tag_size, tag_size);
  static_assert(std::endian::native == std::endian::little, "as RocksDB writes tags");
  return newer > older;
}

/// The rows in the order in which they came. One thread adds; others see what was there when they asked.
class row_list {
 public:
  static constexpr std::uint32_t none = 0;

  struct entry {
    const char* row;
    std::uint32_t before;   ///< the row of the same bucket that came before this one
    std::uint32_t leading;  ///< bytes of the key
  };

  /// Returns its number, from 1.
  std::uint32_t add(const entry& row) {
    const auto index = size_.load(std::memory_order_relaxed);
    const auto chunk = chunk_of(index);
    if (!chunks_[chunk]) {
      chunks_[chunk] = std::make_unique<entry[]>(first_chunk << chunk);
      bytes_.fetch_add(sizeof(entry) * (first_chunk << chunk), std::memory_order_relaxed);
    }
    chunks_[chunk][index - start_of(chunk)] = row;
    size_.store(index + 1, std::memory_order_release);
    return index + 1;
  }

  [[nodiscard]] const entry& operator[](std::uint32_t number) const {
    const auto chunk = chunk_of(number - 1);
    return chunks_[chunk][number - 1 - start_of(chunk)];
  }
  [[nodiscard]] std::uint32_t size() const { return size_.load(std::memory_order_acquire); }
  [[nodiscard]] std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::uint32_t first_chunk = 1024;  // each is twice as large as the one before

  static std::uint32_t chunk_of(std::uint32_t index) {
    return static_cast<std::uint32_t>(std::bit_width(index / first_chunk + 1)) - 1;
  }
  static std::uint32_t start_of(std::uint32_t chunk) { return ((1u << chunk) - 1) * first_chunk; }

  std::array<std::unique_ptr<entry[]>, 22> chunks_;  // four thousand million rows
  std::atomic<std::uint32_t> size_{0};
  std::atomic<std::size_t> bytes_{0};
};

using key_order = rocksdb::MemTableRep::KeyComparator;

/// Room for iterators that RocksDB ends by their destructor alone: it expects them in an arena whose type is
/// not public. Room is used again by the thread that ended the iterator there, since only for that one the
/// end is surely past.
class iterator_room {
 public:
  static constexpr std::size_t size = 80;

  void* take() {
    const std::lock_guard lock(mutex_);
    const auto mine = [](const place& each) { return each.free_for == std::this_thread::get_id(); };
    auto found = std::find_if(places_.begin(), places_.end(), mine);
    if (found == places_.end()) found = places_.emplace(places_.end());
    found->free_for = {};
    return found->bytes.data();
  }
  void give_back(const void* taken) {
    const std::lock_guard lock(mutex_);
    const auto here = [taken](const place& each) { return each.bytes.data() == taken; };
    std::find_if(places_.begin(), places_.end(), here)->free_for = std::this_thread::get_id();
  }

 private:
  struct place {
    alignas(std::max_align_t) std::array<std::byte, size> bytes;
    std::thread::id free_for;
  };

  std::mutex mutex_;
  std::list<place> places_;
};

/// Walks all rows in the order of their keys; sorts what is there when it is first placed somewhere.
class sorted_iterator final : public rocksdb::MemTableRep::Iterator {
 public:
  /// `home`: where this iterator lies, null for the heap.
  sorted_iterator(const row_list& rows, const key_order& order, iterator_room* home)
      : all_(rows), order_(order), home_(home) {}
  sorted_iterator(const sorted_iterator&) = delete;
  sorted_iterator& operator=(const sorted_iterator&) = delete;
  ~sorted_iterator() override {
    if (home_ != nullptr) home_->give_back(this);
  }

  bool Valid() const override { return at_ < rows_.size(); }
  const char* key() const override { return rows_[at_].row; }
  void Next() override { ++at_; }
  void Prev() override { at_ = at_ == 0 ? rows_.size() : at_ - 1; }
  void Seek(const rocksdb::Slice& key, const char* row) override {
    sort();
    const auto wanted = row != nullptr ? key_of(row) : key;
    at_ = position([&](const placed& each) { return order_(each.row, wanted) < 0; });
  }
  void SeekForPrev(const rocksdb::Slice& key, const char* row) override {
    sort();
    const auto wanted = row != nullptr ? key_of(row) : key;
    at_ = position([&](const placed& each) { return order_(each.row, wanted) <= 0; });
    Prev();
  }
  void SeekToFirst() override {
    sort();
    at_ = 0;
  }
  void SeekToLast() override {
    sort();
    at_ = rows_.empty() ? 0 : rows_.size() - 1;
  }

 private:
  struct placed {
    std::uint64_t leading;
    const char* row;
  };

  void sort() {
    if (sorted_) return;
    sorted_ = true;
    const auto size = all_.size();
    rows_.reserve(size);
    base::giving_way way(4096);  // a memtable's rows take tens of milliseconds
    for (std::uint32_t number = 1; number <= size; ++number) {
      const char* row = all_[number].row;
      rows_.push_back({base::leading<std::uint64_t>(user_key_of(row)), row});
      way.worked();
    }
    const auto digits = [&way](const placed& each, unsigned shift) {
      way.worked();
      return each.leading >> shift;
    };
    const auto before = [](const placed& a, const placed& b) { return a.leading < b.leading; };
    boost::sort::spreadsort::integer_sort(rows_.begin(), rows_.end(), digits, before);
    sort_the_equal(way);
  }

  /// Where the leading bytes are the same, all of the keys decide.
  void sort_the_equal(base::giving_way& way) {
    const auto same = [](const placed& a, const placed& b) { return a.leading == b.leading; };
    for (auto begin = rows_.begin(); (begin = std::adjacent_find(begin, rows_.end(), same)) != rows_.end();) {
      const auto end =
          std::find_if_not(begin, rows_.end(), [&](const placed& each) { return same(*begin, each); });
      std::sort(begin, end, [&way](const placed& a, const placed& b) {
        way.worked();
        return stands_before(a.row, b.row);
      });
      begin = end;
    }
  }

  template <class Before>
  [[nodiscard]] std::size_t position(Before before) const {
    return static_cast<std::size_t>(std::partition_point(rows_.begin(), rows_.end(), before) - rows_.begin());
  }

  const row_list& all_;
  const key_order& order_;
  iterator_room* home_;
  std::vector<placed> rows_;
  std::size_t at_ = 0;
  bool sorted_ = false;
};
static_assert(sizeof(sorted_iterator) <= iterator_room::size);

/// The hash table over a list's rows: of each bucket the newest row, which leads to the others.
class buckets {
 public:
  explicit buckets(std::size_t size) : newest_(std::bit_ceil(size)) {}

  [[nodiscard]] std::size_t bytes() const { return newest_.size() * sizeof(newest_[0]); }
  [[nodiscard]] std::uint32_t newest(std::uint32_t leading) const {
    return newest_[leading & (newest_.size() - 1)].load(std::memory_order_acquire);
  }
  void set_newest(std::uint32_t leading, std::uint32_t number) {
    newest_[leading & (newest_.size() - 1)].store(number, std::memory_order_release);
  }

 private:
  std::vector<std::atomic<std::uint32_t>> newest_;
};

/// The rows of one key, the newest first: all that a lookup asks for. RocksDB asks for such an iterator at
/// each lookup and does not delete it, so each thread has one, which is given out again for the next.
class lookup_iterator final : public rocksdb::MemTableRep::Iterator {
 public:
  static lookup_iterator* over(const row_list& rows, const buckets& table) {
    thread_local lookup_iterator one;
    one.rows_ = &rows;
    one.table_ = &table;
    one.at_ = row_list::none;
    return &one;
  }
  static void operator delete(void* /*one*/) {}  // not from the heap

  bool Valid() const override { return at_ != row_list::none; }
  const char* key() const override { return (*rows_)[at_].row; }
  void Next() override { find((*rows_)[at_].before); }
  void Seek(const rocksdb::Slice& key, const char* /*row*/) override {
    wanted_ = without_tag(key);
    leading_ = base::leading<std::uint32_t>(wanted_.ToStringView());
    find(table_->newest(leading_));
  }
  void Prev() override { at_ = row_list::none; }  // these four: never asked of an iterator for lookups
  void SeekForPrev(const rocksdb::Slice& /*key*/, const char* /*row*/) override { at_ = row_list::none; }
  void SeekToFirst() override { at_ = row_list::none; }
  void SeekToLast() override { at_ = row_list::none; }

 private:
  void find(std::uint32_t number) {
    for (; number != row_list::none; number = (*rows_)[number].before)
      if ((*rows_)[number].leading == leading_ && user_key_of((*rows_)[number].row) == wanted_.ToStringView())
        break;
    at_ = number;
  }

  const row_list* rows_ = nullptr;
  const buckets* table_ = nullptr;
  rocksdb::Slice wanted_;
  std::uint32_t leading_ = 0, at_ = row_list::none;
};

class memtable final : public rocksdb::MemTableRep {
 public:
  memtable(const key_order& order, rocksdb::Allocator* memory, std::size_t size)
      : MemTableRep(memory), order_(order), buckets_(size) {}

  void Insert(rocksdb::KeyHandle handle) override {
    const auto* row = static_cast<const char*>(handle);
    const auto first = base::leading<std::uint32_t>(user_key_of(row));
    buckets_.set_newest(first, rows_.add({row, buckets_.newest(first), first}));
  }

  bool Contains(const char* row) const override {
    sorted_iterator at(rows_, order_, nullptr);
    at.Seek({}, row);
    return at.Valid() && order_(at.key(), key_of(row)) == 0;
  }

  /// What lies in RocksDB's arena it counts itself.
  std::size_t ApproximateMemoryUsage() override { return rows_.bytes() + buckets_.bytes(); }

  Iterator* GetIterator(rocksdb::Arena* arena) override {
    if (arena == nullptr) return new sorted_iterator(rows_, order_, nullptr);
    return new (room_.take()) sorted_iterator(rows_, order_, &room_);
  }
  /// RocksDB looks up keys with such an iterator.
  Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override {
    if (arena != nullptr) return GetIterator(arena);
    return lookup_iterator::over(rows_, buckets_);
  }

 private:
  const key_order& order_;
  row_list rows_;
  buckets buckets_;
  iterator_room room_;
};

}  // namespace

rocksdb::MemTableRep* late_sorting_memtables::CreateMemTableRep(const key_order& order,
                                                                rocksdb::Allocator* memory,
                                                                const rocksdb::SliceTransform* /*prefixes*/,
                                                                rocksdb::Logger* /*log*/) {
  return new memtable(order, memory, buckets_);
}

}  // namespace cartrelay::queue::rocks
