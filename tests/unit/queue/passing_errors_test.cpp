#include "tests/unit/queue/passing_errors.hpp"

namespace cartrelay::queue::testing {
namespace {

TEST_F(passing_errors, no_record_is_torn_that_the_disk_did_not_give) {
  fill();
  auto queue = open();
  for (const int bad : {1, 1 << 30})
    EXPECT_EQ(failing_after(
                  0, [&] { return queue.read(0); }, bad)
                  .error()
                  .code,
              errc::read_only);
  EXPECT_EQ(numbers(queue.read(0)->records), from_to(1, all));
  EXPECT_EQ(queue.raw().stats().corrupt, 0u);
  EXPECT_EQ(queue.stats_of(1).counts.discarded, 0u);
}

TEST_F(passing_errors, no_record_is_torn_whose_file_could_not_be_opened) {
  constexpr sequence many = 1000;
  fill_tables(rocks::family::log, [](client& queue) {
    for (sequence i = 1; i <= many; i += 100) {
      std::vector<new_event> events;
      for (auto j = i; j < i + 100; ++j)
        events.push_back(plain_event(std::to_string(j), {1}, noise(j, 1000)));
      ASSERT_TRUE(queue.append(std::move(events)));
    }
  });
  client queue([this] { return open_few_files(); });
  std::vector<sequence> read;
  bool refused = false;
  for (bool more = true; more;) {
    disk_->refused_opens = read.empty() || refused ? 0 : 1;
    const auto batch = queue.read(read.empty() ? 0 : read.back());
    refused = refused || !batch;
    if (!batch) continue;
    EXPECT_EQ(batch->corrupt, std::vector<sequence>());
    for (const auto& each : batch->records)
      read.push_back(each.number);
    more = !batch->at_end;
  }
  EXPECT_TRUE(refused) << "no file was to be opened";
  EXPECT_EQ(read, from_to(1, many));
  EXPECT_EQ(queue.stats_of(1).counts.discarded, 0u);
}

TEST_F(passing_errors, no_waiting_event_is_forgotten_whose_file_could_not_be_opened) {
  constexpr sequence many = 1000;
  fill_tables(rocks::family::exceptions, [](client& queue) {
    auto step = up_to(many);
    for (sequence i = 1; i <= many; ++i) {
      queue.put(std::to_string(i), {1});
      step.exceptions.push_back(waiting(i));
      step.exceptions.back().memo = noise(i, 1000);
    }
    ASSERT_TRUE(queue.commit(queue.acquire(1).held, step));
  });
  client queue([this] { return open_few_files(); });
  const auto acquire = [&] {
    return queue.ask<unit_state>([&](auto then) { queue.raw().acquire(1, 0, many, std::move(then)); });
  };
  disk_->refused_opens = 1 << 30;
  EXPECT_EQ(acquire().error().code, errc::read_only);
  disk_->refused_opens = 0;
  EXPECT_EQ(acquire()->exceptions.size(), many);
}

TEST_F(passing_errors, no_record_is_gone_that_the_disk_did_not_give) {
  fill();
  auto queue = open();
  for (const auto& asked : {from_to(2, 2), from_to(1, all)}) {
    EXPECT_EQ(failing_after(0, [&] { return queue.fetch(asked); }).error().code, errc::read_only);
    EXPECT_EQ(numbers(queue.fetch(asked).value()), asked);
  }
}

TEST_F(passing_errors, no_receipt_says_less_than_there_is) {
  for (int good = 0;; ++good) {
    fill();
    auto queue = open();
    const auto found = failing_after(good, [&] { return queue.receipt_of(2); });
    if (found) {
      EXPECT_TRUE(found->lines.at(0).waiting) << "after " << good << " reads";
      EXPECT_GT(good, 1) << "the record, and its row";
      break;
    }
    EXPECT_EQ(found.error().code, errc::read_only) << found.error().message();
  }
}

TEST_F(passing_errors, no_search_leaves_out_what_the_disk_did_not_give) {
  receipt_query of_ann, pending;
  of_ann.terms = {{index_kind::customer, "ann@example.com"}};
  pending.state = "pending";
  for (const auto& [asked, found] : {std::pair(of_ann, 1u), std::pair(pending, 8u)}) {
    for (int good = 0;; ++good) {
      fill();
      auto queue = open();
      ASSERT_TRUE(queue.append({order_event("10", "o", "ann@example.com", {1})}));
      queue.reopen();
      queue.reopen();  // into tables
      const auto page = failing_after(good, [&] {
        return queue.ask<receipt_page>([&](auto then) { queue.raw().search(asked, std::move(then)); });
      });
      if (page) {
        EXPECT_EQ(page->receipts.size(), found) << "after " << good << " reads";
        EXPECT_GT(good, 1) << "the record, and its row";
        break;
      }
      EXPECT_EQ(page.error().code, errc::read_only) << page.error().message();
    }
  }
}

TEST_F(passing_errors, no_memory_is_forgotten_that_the_disk_did_not_give) {
  fill();
  {
    auto queue = open();
    auto step = up_to(1);
    step.state.push_back({"cart:1", "what was sent last", start() + std::chrono::hours(24)});
    ASSERT_TRUE(queue.commit(queue.acquire(1).held, step));
    queue.reopen();  // into a table
  }
  auto queue = open();
  const auto ask = [&] {
    return queue.ask<std::vector<std::optional<std::string>>>(
        [&](auto then) { queue.raw().state(1, {"cart:1"}, start(), std::move(then)); });
  };
  EXPECT_EQ(failing_after(0, ask).error().code, errc::read_only);
  EXPECT_EQ(ask()->at(0), "what was sent last");
}

TEST_F(passing_errors, no_dead_letter_is_passed_over_that_the_disk_did_not_give) {
  const auto much_later = start() + std::chrono::hours(24 * 365);
  for (int good = 0;; ++good) {
    fill();
    auto queue = open();
    ASSERT_TRUE(queue.commit(queue.acquire(1).held, up_to(2, {ended(2, end_state::dead_letter)})));
    queue.reopen();
    queue.reopen();  // into tables
    const auto page = failing_after(good, [&] {
      return queue.ask<dead_letter_page>([&](auto then) { queue.raw().dead_letters({}, std::move(then)); });
    });
    if (page) {
      ASSERT_EQ(page->letters.size(), 1u) << "after " << good << " reads";
      EXPECT_EQ(page->letters[0].event.stored, "2:x");
      EXPECT_GT(good, 1) << "the dead letter, and its copy";
      break;
    }
    EXPECT_EQ(page.error().code, errc::read_only) << page.error().message();
    const auto trimmed = failing_after(good, [&] {
      return queue.ask<std::uint64_t>([&](auto then) { queue.raw().trim(much_later, std::move(then)); });
    });
    EXPECT_TRUE(!trimmed || queue.stats_of(1).counts.dead_letters == 0) << "after " << good << " reads";
  }
}

TEST_F(passing_errors, what_the_disk_does_not_give_is_given_up_once_loss_is_accepted) {
  fill();
  auto settings = settings_in(folder_->path());
  settings.accept_data_loss = true;
  client queue([&] { return rocks::open(settings, base::system_clock(), {env_.get(), {}}); });
  const auto batch = failing_after(
      0, [&] { return queue.read(2); }, 2);  // on the way along the log, and for the record alone
  EXPECT_EQ(batch->corrupt, from_to(3, 3));
  EXPECT_EQ(numbers(batch->records), from_to(4, all));
  EXPECT_EQ(queue.stats_of(1).counts.discarded, 1u);
}

TEST_F(passing_errors, what_cannot_be_set_aside_now_is_met_again) {
  bool answered = false;
  for (int good = 0; !answered; ++good) {
    fill();
    tear(3);
    auto queue = open();
    const auto batch = failing_after(good, [&] { return queue.read(2); });
    answered = batch && !batch->corrupt.empty();
    EXPECT_TRUE(answered || !batch || batch->position < 3) << "nobody would come back for it";
    EXPECT_EQ(queue.read(2)->corrupt, from_to(3, 3));
    EXPECT_EQ(queue.raw().stats().corrupt, 1u);
    EXPECT_EQ(queue.stats_of(1).counts.discarded, 1u) << "after " << good << " reads";
    queue.close();
    expect_balanced(folder_->path());
  }
}

TEST_F(passing_errors, a_torn_record_is_not_told_of_before_it_is_set_aside) {
  fill();
  tear(3);
  auto queue = open();
  disk_->fails = true;
  EXPECT_FALSE(queue.read(2));
  disk_->fails = false;
  queue.reopen();
  EXPECT_EQ(queue.read(2)->corrupt, from_to(3, 3));
  EXPECT_EQ(queue.stats_of(1).counts.discarded, 1u);
}

TEST_F(passing_errors, nothing_is_old_that_the_disk_did_not_give) {
  fill();
  auto queue = open();
  ASSERT_TRUE(queue.commit(queue.acquire(1).held, up_to(1, {ended(2)})));
  const auto next_day = start() + std::chrono::hours(24);
  for (const int good : {0, 1, 2, 3}) {
    failing_after(
        good,
        [&] {
          return queue.ask<std::uint64_t>([&](auto then) { queue.raw().trim(next_day, std::move(then)); });
        },
        1);
    EXPECT_EQ(queue.raw().stats().first, 1u) << "after " << good << " reads";
  }
}

TEST_F(passing_errors, no_event_is_new_whose_key_the_disk_did_not_give) {
  fill();
  auto queue = open();
  const auto post = [&] { return queue.append({plain_event("1", {1})}); };
  EXPECT_EQ(failing_after(0, post).error().code, errc::unknown);
  EXPECT_EQ(queue.raw().stats().events, all) << "nothing of it was stored";
  EXPECT_EQ(post()->front().status, append_status::duplicate);
}

TEST_F(passing_errors, a_store_that_cannot_be_read_now_is_not_damaged) {
  fill();
  for (int good = 0;; ++good) {
    const auto opened = failing_after(good, [&] { return try_open(); });
    if (opened) {
      EXPECT_GT(good, 1) << "its identity, and where its destinations stand";
      break;
    }
    EXPECT_EQ(opened.error().code, errc::read_only)
        << "after " << good << " reads: " << opened.error().message();
  }
}

}  // namespace
}  // namespace cartrelay::queue::testing
