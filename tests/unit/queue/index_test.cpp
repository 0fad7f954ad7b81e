#include "base/random.hpp"
#include "queue/open.hpp"
#include "queue/rocksdb/index_rows.hpp"
#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/store_records.hpp"
#include "queue/rocksdb/term_index.hpp"
#include "raw_store.hpp"
#include "tests/contract/queue/support.hpp"

#include <limits>
#include <map>

namespace cartrelay::queue::testing {
namespace {

using rocks::index_entry;
using rocks::segment_size;

TEST(index_rows, a_note_and_a_page_come_back) {
  const auto ann = rocks::hash_of({1, 2}, {index_kind::customer, "ann@example.com"});
  const auto order = rocks::hash_of({1, 2}, {index_kind::order, "ann@example.com"});
  EXPECT_EQ(ann, rocks::hash_of({1, 2}, {index_kind::customer, "Ann@EXAMPLE.com"}));
  EXPECT_NE(ann, order) << "of another kind";
  const std::vector<index_entry> entries{{ann, segment_size}, {order, 2 * segment_size - 1}};
  for (const auto& key : {rocks::note_key(0, segment_size), rocks::page_key(0, ann.page(), segment_size)}) {
    const auto read = rocks::decode_entries(key, rocks::encode_entries(key, entries));
    ASSERT_TRUE(read && read->size() == 2);
    EXPECT_EQ(read->front().term, ann);
    EXPECT_EQ(read->front().number, segment_size);
    EXPECT_EQ(read->back().term, order);
    EXPECT_EQ(read->back().number, 2 * segment_size - 1);
  }
  const auto key = rocks::note_key(0, segment_size), other = rocks::note_key(0, segment_size + 1);
  EXPECT_FALSE(rocks::decode_entries(other, rocks::encode_entries(key, entries))) << "under another key";
  const auto crooked = rocks::page_key(0, 7, segment_size + 1);
  EXPECT_FALSE(rocks::decode_entries(crooked, rocks::encode_entries(crooked, entries)))
      << "no segment begins there";
}

TEST(index_rows, pages_stand_from_the_newest_to_the_oldest) {
  EXPECT_LT(rocks::page_key(0, 7, 2 * segment_size), rocks::page_key(0, 7, segment_size));
  EXPECT_LT(rocks::page_key(0, 7, 0), rocks::last_page_key(0, 7));
  EXPECT_LT(rocks::last_page_key(0, 7), rocks::page_key(0, 8, std::numeric_limits<sequence>::max()));
  EXPECT_LT(rocks::note_key(0, std::numeric_limits<sequence>::max()), rocks::page_key(0, 0, 0));
  EXPECT_EQ(rocks::segment_of_page(rocks::page_key(0, 7, segment_size)), segment_size);
}

TEST(index_rows, are_stale_when_trimmed_or_when_pages_have_what_they_say) {
  const auto stale = [](sequence first, sequence paged, const std::string& key,
                        const std::vector<index_entry>& entries) {
    rocks::horizons limits;
    limits.first = first;
    limits.paged = paged;
    return rocks::is_stale_index_row(limits, key, rocks::encode_entries(key, entries));
  };
  const rocks::term_hash term{index_kind::order, 7};
  const auto note = rocks::note_key(0, segment_size + 5), page = rocks::page_key(0, 7, segment_size);
  const std::vector<index_entry> entries{{term, segment_size + 5}, {term, segment_size + 9}};
  for (const auto& key : {note, page}) {
    EXPECT_FALSE(stale(0, segment_size, key, entries));
    EXPECT_FALSE(stale(segment_size + 9, segment_size, key, entries)) << "the last one is still there";
    EXPECT_TRUE(stale(segment_size + 10, segment_size, key, entries));
    EXPECT_TRUE(stale(2 * segment_size, segment_size, key, entries));
  }
  EXPECT_TRUE(stale(0, 2 * segment_size, note, entries));
  EXPECT_FALSE(stale(0, 2 * segment_size, page, entries));
}

/// A queue beside a map of what it should find.
class index_of_a_queue : public ::testing::Test {
 protected:
  client open() {
    return client([this] { return queue::open(settings_, base::system_clock()); });
  }
  void append(client& queue, std::size_t count) {
    std::vector<new_event> events;
    for (std::size_t i = 0; i < count; ++i) {
      const auto order = "order-" + std::to_string(dice_.below(300)),
                 email = "c" + std::to_string(dice_.below(20)) + "@example.com";
      events.push_back(order_event(std::to_string(++id_), order, email, {a_}));
      expected_[order].push_back(id_);
      expected_[email].push_back(id_);
    }
    ASSERT_TRUE(queue.append(std::move(events)));
  }
  std::vector<sequence> find(client& queue, const std::string& value) {
    receipt_query asked;
    asked.terms = {{value.find('@') == value.npos ? index_kind::order : index_kind::customer, value}};
    asked.limit = page_;
    std::vector<sequence> found;
    for (bool more = true; more;) {
      const auto page = queue.search(asked);
      for (const auto& each : page.receipts)
        found.insert(found.begin(), each.event.number);
      more = page.next.has_value();
      asked.before = page.next;
    }
    return found;
  }
  void expect_all(client& queue) {
    for (const auto& [value, numbers] : expected_)
      EXPECT_EQ(find(queue, value), numbers) << value;
  }
  static std::uint64_t erase(client& queue, const std::string& email) {
    return queue.erase_all(queue.begin_erasure({customer_key::kind::email, email})).events;
  }
  /// As if these had never been appended.
  void forget_expected(const std::string& email) {
    for (const auto number : std::exchange(expected_[email], {}))
      for (auto& [value, numbers] : expected_)
        std::erase(numbers, number);
  }

  temporary_folder folder_;
  options settings_ = settings_in(folder_.path());
  base::random_source dice_{20261122};
  destination_id a_ = 1;
  sequence id_ = 0;
  std::size_t page_ = 7;
  std::map<std::string, std::vector<sequence>> expected_;
};

TEST_F(index_of_a_queue, finds_in_notes_and_pages_whatever_happens_in_between) {
  auto queue = open();
  a_ = queue.add("a");
  while (id_ < 2 * segment_size + 1000) {
    append(queue, 1 + dice_.below(400));
    if (dice_.below(20) == 0) queue.reopen();
  }
  expect_all(queue);
  queue.reopen();
  expect_all(queue);
  EXPECT_EQ(erase(queue, "C7@example.com"), expected_["c7@example.com"].size());
  forget_expected("c7@example.com");
  expect_all(queue);
  while (id_ < 3 * segment_size + 10)
    append(queue, 100);
  expect_all(queue);
  queue.reopen();
  expect_all(queue);
}

TEST_F(index_of_a_queue, keeps_nothing_of_an_erased_customer) {
  {
    auto queue = open();
    a_ = queue.add("a");
    while (id_ < segment_size + 500)
      append(queue, 50);
    erase(queue, "c3@example.com");
  }
  const auto entries_of = [this](const std::string& value) {
    std::size_t found = 0;
    with_raw_store(folder_.path(), [&](rocks::store& data) {
      const auto made_as = rocks::decode_store(*data.get(rocks::family::meta, rocks::store_entry).value());
      const auto term = rocks::hash_of(made_as->hashes.identity_low, {index_kind::customer, value});
      data.limits().paged = segment_size;
      ASSERT_TRUE(data.db().CompactRange({}, data[rocks::family::index], nullptr, nullptr).ok());
      const std::unique_ptr<rocksdb::Iterator> at(data.db().NewIterator({}, data[rocks::family::index]));
      for (at->SeekToFirst(); at->Valid(); at->Next()) {
        const auto entries = rocks::decode_entries(at->key().ToStringView(), at->value().ToStringView());
        ASSERT_TRUE(entries);
        for (const auto& each : *entries)
          if (each.term == term) ++found;
      }
    });
    return found;
  };
  EXPECT_EQ(entries_of("c3@example.com"), 0u);
  EXPECT_EQ(entries_of("c4@example.com"), expected_["c4@example.com"].size()) << "each in one row";
}

TEST_F(index_of_a_queue, keeps_nothing_of_what_was_trimmed_before_it_was_opened) {
  {
    auto queue = open();
    a_ = queue.add("a");
    while (id_ < segment_size + 10)
      append(queue, 100);
    ASSERT_TRUE(queue.commit(queue.acquire(a_).held, delivered_up_to(id_)));
    EXPECT_EQ(queue.trim(start() + std::chrono::hours(24 * 365)), id_);
    queue.reopen();
    EXPECT_TRUE(queue.finish_erasure(queue.begin_erasure({customer_key::kind::id, "any"})).clean);
  }
  with_raw_store(folder_.path(), [](rocks::store& data) {
    const std::unique_ptr<rocksdb::Iterator> at(data.db().NewIterator({}, data[rocks::family::index]));
    at->SeekToFirst();
    EXPECT_FALSE(at->Valid());
  });
}

/// What has been written of the index is damaged: what it does not say is looked for in the log.
class index_of_a_damaged_queue : public index_of_a_queue {
 protected:
  static constexpr auto customer = "c3@example.com";

  /// A whole segment and more, closed.
  void fill() {
    auto queue = open();
    a_ = queue.add("a");
    while (id_ < 2 * segment_size + 300)
      append(queue, 100);
  }
  void expect_all_to_be_found_and_erased() {
    auto queue = open();
    expect_customers(queue);
    EXPECT_EQ(erase(queue, customer), expected_[customer].size());
    forget_expected(customer);
    expect_customers(queue);
    EXPECT_TRUE(queue.raw().stats().writable);
  }
  void expect_customers(client& queue) {
    page_ = 200;
    for (const auto& [value, numbers] : expected_) {
      if (!value.ends_with("@example.com")) continue;
      EXPECT_EQ(find(queue, value), numbers) << value;
    }
  }
  static std::string page_of_customer(const rocks::store& data, sequence segment) {
    const auto made_as = rocks::decode_store(*data.get(rocks::family::meta, rocks::store_entry).value());
    const auto term = rocks::hash_of(made_as->hashes.identity_low, {index_kind::customer, customer});
    return rocks::page_key(0, term.page(), segment);
  }
};

TEST_F(index_of_a_damaged_queue, misses_nothing_that_an_unreadable_page_named) {
  fill();
  with_raw_store(folder_.path(), [](rocks::store& data) {
    for (const sequence segment : {sequence{0}, segment_size})
      ASSERT_TRUE(flip_bit(data, rocks::family::index, page_of_customer(data, segment), 40));
  });
  expect_all_to_be_found_and_erased();
}

TEST_F(index_of_a_damaged_queue, misses_nothing_that_an_unreadable_note_named) {
  fill();
  with_raw_store(folder_.path(), [](rocks::store& data) {
    ASSERT_TRUE(flip_bit(data, rocks::family::index, rocks::note_key(0, 2 * segment_size), 40));
  });
  expect_all_to_be_found_and_erased();
}

TEST_F(index_of_a_damaged_queue, misses_nothing_that_an_unreadable_block_named) {
  fill();
  const auto table = table_of(folder_.path(), "index");
  for (std::size_t at = 20; at < file_size(table) - 4096; at += 60000)
    flip_byte(table, at);
  expect_all_to_be_found_and_erased();
}

TEST_F(index_of_a_damaged_queue, misses_nothing_of_a_segment_that_was_completed_after_a_note_was_damaged) {
  fill();
  with_raw_store(folder_.path(), [](rocks::store& data) {
    ASSERT_TRUE(flip_bit(data, rocks::family::index, rocks::note_key(0, 2 * segment_size), 40));
  });
  {
    auto queue = open();
    while (id_ < 3 * segment_size + 10)
      append(queue, 100);
  }
  expect_all_to_be_found_and_erased();
}

TEST_F(index_of_a_damaged_queue, misses_nothing_when_what_could_be_read_was_copied) {
  fill();
  const auto table = table_of(folder_.path(), "index");
  for (std::size_t at = 20; at < file_size(table) - 4096; at += 60000)
    flip_byte(table, at);
  settings_.accept_data_loss = true;
  expect_all_to_be_found_and_erased();
}

TEST_F(index_of_a_damaged_queue, misses_nothing_where_the_border_of_a_segment_was_lost) {
  const auto database = folder_.path() / "db", kept = folder_.path() / "kept";
  {
    auto queue = open();
    a_ = queue.add("a");
    append(queue, 300);
  }
  std::filesystem::copy(database, kept, std::filesystem::copy_options::recursive);
  const auto left = expected_;
  {
    auto queue = open();
    while (id_ < segment_size + 10)
      append(queue, 100);
  }
  std::filesystem::remove_all(database);
  std::filesystem::rename(kept, database);
  expected_ = left;
  settings_.accept_data_loss = true;
  expect_all_to_be_found_and_erased();
}

/// An index alone, in the store of a queue that has no events.
class index_of_a_store : public ::testing::Test {
 protected:
  index_of_a_store() {
    client([this] { return queue::open(settings_in(folder_.path()), base::system_clock()); }).close();
  }
  static void in_one_batch(rocks::store& data, rocks::term_index& index,
                           const std::function<void()>& changes) {
    rocksdb::WriteBatch batch;
    changes();
    index.write_to(batch);
    ASSERT_TRUE(data.write(batch).ok());
  }

  temporary_folder folder_;
  std::vector<rocks::term_hash> ann_ = rocks::hashes_of({1, 2}, {{index_kind::customer, "ann"}});
};

TEST_F(index_of_a_store, a_note_is_still_found_when_its_first_event_was_erased) {
  with_raw_store(folder_.path(), [this](rocks::store& data) {
    rocks::term_index index(data, {1, 2}, 1);
    in_one_batch(data, index, [&] {
      for (sequence number = 1; number <= 3; ++number)
        index.note(number, ann_);
    });
    in_one_batch(data, index, [&] { index.forget(1, ann_); });
    rocks::term_index later(data, {1, 2}, 4);
    in_one_batch(data, later, [&] { later.forget(2, ann_); });
    std::vector<sequence> left;
    const std::unique_ptr<rocksdb::Iterator> at(data.db().NewIterator({}, data[rocks::family::index]));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      const auto entries = rocks::decode_entries(at->key().ToStringView(), at->value().ToStringView());
      ASSERT_TRUE(entries);
      for (const auto& each : *entries)
        left.push_back(each.number);
    }
    EXPECT_EQ(left, (std::vector<sequence>{3}));
  });
}

TEST_F(index_of_a_store, an_erasure_in_the_group_that_completes_a_segment_is_in_its_pages) {
  with_raw_store(folder_.path(), [this](rocks::store& data) {
    rocks::term_index index(data, {1, 2}, 1);
    in_one_batch(data, index, [&] { index.note(1, ann_); });
    in_one_batch(data, index, [&] { index.note(2, ann_); });
    in_one_batch(data, index, [&] {
      index.note(segment_size, ann_);
      index.forget(1, ann_);
    });
    const auto page = rocks::page_key(0, ann_.front().page(), 0);
    const auto stored = data.get(rocks::family::index, page);
    ASSERT_TRUE(stored && *stored);
    const auto entries = rocks::decode_entries(page, **stored);
    ASSERT_TRUE(entries && entries->size() == 1);
    EXPECT_EQ(entries->front().number, 2u);
  });
}

}  // namespace
}  // namespace cartrelay::queue::testing
