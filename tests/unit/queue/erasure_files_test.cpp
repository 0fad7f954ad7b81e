#include "queue/open.hpp"
#include "queue/rocksdb/cleaner.hpp"
#include "queue/rocksdb/erasure_reads.hpp"
#include "queue/rocksdb/keys.hpp"
#include "queue/rocksdb/records.hpp"
#include "raw_store.hpp"
#include "tests/contract/queue/support.hpp"

#include <fstream>
#include <iterator>

namespace cartrelay::queue::testing {
namespace {

/// What is left of an erased customer in the files of a store: nothing, whatever had been written before.
class erasure_files : public ::testing::Test {
 protected:
  client open() {
    return client([this] { return queue::open(settings_, base::system_clock()); });
  }
  [[nodiscard]] std::vector<std::string> files_with(const std::string& word) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      if (bytes.find(word) != std::string::npos) found.push_back(entry.path().filename());
    }
    return found;
  }
  static erasure_id begin(client& queue, const std::string& email) {
    return queue.begin_erasure({customer_key::kind::email, email});
  }

  temporary_folder folder_;
  options settings_ = settings_in(folder_.path());
};

TEST_F(erasure_files, hold_nothing_of_it_afterwards_and_everything_before) {
  {
    auto queue = open();
    const auto a = queue.add("a");
    const auto held = queue.acquire(a).held;
    for (int i = 1; i <= 200; ++i)
      queue.append({order_event(std::to_string(i), "o" + std::to_string(i),
                                i % 2 == 0 ? "canary.QXZV@example.com" : "ivan@example.com", {a})});
    auto dead = ended(2, end_state::dead_letter);
    dead.evidence = "to canary.QXZV@example.com";
    auto late = waiting(4);
    late.tries.answer = "canary.QXZV@example.com is unknown";
    ASSERT_TRUE(queue.commit(held, up_to(4, {ended(1), dead, ended(3)}, {late})));
    queue.reopen();  // from the log into a file, and a new log
    queue.append({order_event("201", "o201", "canary.QXZV@example.com", {a})});
    ASSERT_FALSE(files_with("canary.QXZV").empty());

    const auto which = begin(queue, "canary.qxzv@example.com");
    EXPECT_EQ(queue.erase_all(which).events, 101u);
    ASSERT_FALSE(files_with("canary.QXZV").empty()) << "emptied rows alone are not enough";
    EXPECT_TRUE(queue.finish_erasure(which).clean);
    EXPECT_EQ(files_with("canary.QXZV"), std::vector<std::string>());
    EXPECT_FALSE(files_with("ivan@").empty());
    EXPECT_EQ(queue.stats_of(a).counts.discarded, 101u);
  }
  EXPECT_EQ(files_with("canary.QXZV"), std::vector<std::string>());
  expect_balanced(folder_.path());
}

TEST_F(erasure_files, an_erasure_without_room_says_how_much_is_missing) {
  settings_.min_free_disk = 1ull << 60;
  auto queue = open();
  const auto done = queue.finish_erasure(begin(queue, "canary.qxzv@example.com"));
  EXPECT_FALSE(done.clean);
  EXPECT_EQ(done.reason, "rewriting the files needs 1 MiB of room on the disk, and there are 0 MiB");
}

TEST_F(erasure_files, an_erasure_that_a_stop_interrupted_is_gone_on_with_and_has_no_text) {
  auto queue = open();
  const auto a = queue.add("a");
  for (int i = 1; i <= 100; ++i)
    queue.append({order_event(std::to_string(i), "o" + std::to_string(i), "canary.QXZV@example.com", {a})});
  const auto which = begin(queue, "Canary.qxzv@Example.com");
  const auto some = queue.erasable(which);
  ASSERT_LT(some.size(), 100u);
  queue.ask<erasure_counts>([&](auto then) { queue.raw().erase(which, some, {}, start(), std::move(then)); });
  queue.reopen();
  const auto open_ones =
      *queue.ask<std::vector<erasure_id>>([&](auto then) { queue.raw().open_erasures(std::move(then)); });
  EXPECT_EQ(open_ones, (std::vector<erasure_id>{which}));
  EXPECT_EQ(queue.erase_all(which).events, 100u - some.size());
  EXPECT_TRUE(queue.finish_erasure(which).clean);
  EXPECT_EQ(files_with("anary.qxzv"), std::vector<std::string>()) << "nor of what was asked for";
  EXPECT_EQ(files_with("canary.QXZV"), std::vector<std::string>());
  queue.close();
  expect_balanced(folder_.path());
}

TEST_F(erasure_files, evidence_of_an_unreadable_record_goes_if_it_quotes_the_customer) {
  auto queue = open();
  const auto a = queue.add("a");
  for (const auto* email : {"canary.QXZV@example.com", "ivan.QXZW@example.com"})
    queue.append({order_event(email, "o", email, {a})});
  queue.close();
  with_raw_store(folder_.path(), [](rocks::store& data) {
    for (sequence number = 1; number <= 2; ++number)
      ASSERT_TRUE(flip_bit(data, rocks::family::log, rocks::log_key(0, number), 2));
  });
  queue.reopen();
  EXPECT_EQ(queue.read(0)->corrupt, (std::vector<sequence>{1, 2}));
  queue.run_until([&] { return queue.raw().stats().corrupt == 2; });
  const auto which = begin(queue, "canary.QXZV@example.com");
  EXPECT_TRUE(queue.erasable(which).empty()) << "nobody can read whose it is";
  EXPECT_TRUE(queue.finish_erasure(which).clean);
  EXPECT_EQ(files_with("canary.QXZV"), std::vector<std::string>());
  EXPECT_FALSE(files_with("ivan.QXZW").empty());
  EXPECT_EQ(queue.raw().stats().corrupt, 2u);
}

TEST_F(erasure_files, a_readable_copy_of_an_unreadable_record_stays_whoever_the_record_quotes) {
  const std::string of_another = R"({"id":"e1","source":"shop","type":"order.created","data":{)"
                                 R"("customer":{"id":"7"},"order":{"id":"o1","currency":"EUR",)"
                                 R"("total":"1.00","items":[{"product_id":"5","unit_price":"1.00"}]}}})";
  auto queue = open();
  const auto a = queue.add("a");
  ASSERT_TRUE(queue.append({parsed_event(of_another, {a})}));
  ASSERT_TRUE(queue.commit(queue.acquire(a).held, up_to(1, {ended(1, end_state::dead_letter)})));
  queue.close();
  with_raw_store(folder_.path(), [](rocks::store& data) {
    ASSERT_TRUE(flip_bit(data, rocks::family::log, rocks::log_key(0, 1), 30));
  });
  queue.reopen();
  ASSERT_EQ(queue.read(0)->corrupt, (std::vector<sequence>{1}));
  const auto which = queue.begin_erasure({customer_key::kind::id, "5"});
  EXPECT_TRUE(queue.erasable(which).empty());
  EXPECT_FALSE(queue.dead_letters().letters.at(0).event.stored.empty());
  dead_letter_selection one;
  one.keys = {{a, 1}};
  EXPECT_EQ(queue.requeue(one).size(), 1u);
  EXPECT_EQ(queue.fetch({1})->size(), 1u);
}

TEST_F(erasure_files, do_not_count_as_looked_through_when_evidence_cannot_be_read) {
  open().close();
  with_raw_store(folder_.path(), [](rocks::store& data) {
    rocksdb::WriteBatch batch;
    const auto key = rocks::torn_entry(0, 1);
    batch.Put(data[rocks::family::meta], key, rocks::encode_torn(key, start(), "\"ann\""));
    ASSERT_TRUE(data.write(batch).ok());
    ASSERT_TRUE(data.db().CompactRange({}, data[rocks::family::meta], nullptr, nullptr).ok());
  });
  const auto table = table_of(folder_.path(), "default");
  const auto quoting_ann = [&] {
    base::result<std::vector<sequence>> found;
    with_raw_store(folder_.path(), [&](rocks::store& data) {
      const rocks::figures told;
      const rocks::hash_keys keys;
      const rocks::read_side side{data, told, keys, {}};
      found = rocks::torn_quoting(side, {customer_key::kind::id, "ann"});
    });
    return found;
  };
  EXPECT_EQ(quoting_ann().value(), (std::vector<sequence>{1}));
  flip_byte(table, 20);
  EXPECT_EQ(quoting_ann().error().code, errc::corrupt);
}

TEST_F(erasure_files, without_room_to_rewrite_them_they_are_not_called_clean) {
  auto queue = open();
  queue.append({order_event("1", "o", "canary.QXZV@example.com", {queue.add("a")})});
  const auto which = begin(queue, "canary.QXZV@example.com");
  queue.erase_all(which);
  auto no_room = settings_;
  no_room.min_free_disk = std::uint64_t{1} << 60;
  queue.raw().configure(no_room);
  const auto told = queue.finish_erasure(which);
  EXPECT_FALSE(told.clean);
  EXPECT_NE(told.reason.find("room"), std::string::npos) << told.reason;
  queue.raw().configure(settings_);
  EXPECT_TRUE(queue.finish_erasure(which).clean) << "it stayed open";
}

end in_one_batch(sequence number, end_state how) {
  auto out = ended(number, how);
  out.tries.count = 1;
  out.tries.first = out.tries.last = start();
  out.tries.batch = "b";
  out.tries.answer = "canary.QXZV is unknown";
  return out;
}

/// Of an event that shared a batch with another's, and was trimmed while its erasure waited.
TEST_F(erasure_files, a_trim_leaves_what_tells_an_erasure_whose_batches_it_shared) {
  for (const bool had_left : {false, true}) {
    const temporary_folder folder;
    client queue([&] { return queue::open(settings_in(folder.path()), base::system_clock()); });
    const auto a = queue.add("a");
    auto held = queue.acquire(a).held;
    const auto much_later = start() + std::chrono::hours(24 * 20);
    ASSERT_TRUE(queue.append({order_event("1", "o1", "canary@example.com", {a})}));
    if (had_left) {  // a dead letter, which is tried again when its record has left the log
      ASSERT_TRUE(queue.commit(held, up_to(1, {ended(1, end_state::dead_letter)})));
      ASSERT_EQ(queue.trim(start() + std::chrono::hours(24 * 10)), 1u);
      dead_letter_selection one;
      one.keys = {{a, 1}};
      ASSERT_EQ(queue.requeue(one).size(), 1u);
    }
    auto old = order_event("2", "o2", "z@example.com", {}),
         other = order_event("3", "o3", "y@example.com", {a});
    other.received_at = much_later;
    ASSERT_TRUE(queue.append({old, other}));
    const auto which = begin(queue, "canary@example.com");
    ASSERT_EQ(queue.erasable(which), (std::vector<sequence>{1}));
    auto withdrawn = in_one_batch(1, end_state::discarded);
    withdrawn.reason = erased_reason;
    withdrawn.withdrawn = true;
    ASSERT_TRUE(queue.commit(held, up_to(3, {withdrawn, in_one_batch(3, end_state::delivered)})));
    queue.close();
    lay_out_in_tables(folder.path(), rocks::family::ends, 1);
    queue.reopen();
    EXPECT_EQ(queue.trim(much_later), had_left ? 1u : 2u);
    queue.erase(which, {1});
    EXPECT_EQ(queue.receipt_of(3)->lines.at(0).ended->tries.answer, "") << had_left;
    EXPECT_TRUE(queue.finish_erasure(which).clean);
    ASSERT_TRUE(queue.append({order_event("4", "o4", "y@example.com", {})}));
    EXPECT_EQ(queue.trim(much_later + std::chrono::hours(24 * 20)), 2u);
    queue.close();
    with_raw_store(folder.path(), [&](rocks::store& data) {
      for (sequence number = 1; number <= 3; ++number)
        EXPECT_FALSE(*data.get(rocks::family::ends, rocks::unit_key(a, 0, number))) << number;
    });
  }
}

TEST_F(erasure_files, writing_goes_on_while_they_are_rewritten) {
  auto queue = open();
  const auto a = queue.add("a");
  for (int i = 1; i <= 50; ++i)
    queue.append({order_event(std::to_string(i), "o", "canary.QXZV@example.com", {a})});
  const auto which = begin(queue, "canary.QXZV@example.com");
  queue.erase_all(which);
  std::optional<base::result<cleaning>> finished;
  queue.raw().finish_erasure(which, reply<cleaning>(queue.mailbox(), [&](base::result<cleaning> came) {
                               finished.emplace(std::move(came));
                             }));
  int stored = 0;
  while (!finished)
    stored += queue.append({plain_event("p" + std::to_string(stored), {a})}) ? 1 : 0;
  EXPECT_TRUE(*finished && (*finished)->clean);
  EXPECT_GT(stored, 0);
  EXPECT_EQ(files_with("canary.QXZV"), std::vector<std::string>());
  EXPECT_EQ(queue.raw().stats().events, 50u + static_cast<std::uint64_t>(stored));
}

TEST_F(erasure_files, are_not_called_clean_where_the_folder_is_not_listed) {
  std::filesystem::create_directory(folder_.path() / "set-aside-2026");
  cleaning done;
  rocks::tell_set_aside(folder_.path(), done);
  EXPECT_TRUE(done.clean);
  EXPECT_EQ(done.set_aside, (std::vector<std::string>{"set-aside-2026"}));

  const auto file = folder_.path() / "file";
  std::ofstream(file).close();
  rocks::tell_set_aside(file, done = {});
  EXPECT_FALSE(done.clean);
  EXPECT_EQ(done.reason,
            "whether files were set aside is not known: cannot list " + file.string() + ": Not a directory");
}

}  // namespace
}  // namespace cartrelay::queue::testing
