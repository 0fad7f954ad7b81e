#include "queue/rocksdb/opening.hpp"

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/ballast.hpp"
#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/essentials.hpp"
#include "queue/rocksdb/index_renewal.hpp"
#include "queue/rocksdb/private_folder.hpp"
#include "queue/rocksdb/salvage.hpp"
#include "queue/rocksdb/system_failure.hpp"
#include "queue/rocksdb/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

namespace fs = std::filesystem;

store_identity new_identity() {
  store_identity made;
  byte_writer(made.id).u64(base::random_seed()).u64(base::random_seed());
  made.hashes.identity_low = {base::random_seed(), base::random_seed()};
  made.hashes.identity_high = {base::random_seed(), base::random_seed()};
  return made;
}

/// One opening: which folder, and what is known of it from outside.
struct attempt {
  options settings;
  base::timestamp now;
  rocksdb::Env* env;
  std::string database;
  std::optional<marker> known;
  bool salvaged = false;
  std::string told;                      // why, when it was said last
  bool exists = false, remains = false;  // the database; tables or logs, with it or without
};

base::error damaged(const options& settings, std::string_view why) {
  return fail(
      errc::damaged,
      fmt::format("the queue in {} is damaged: {}. Start once with --accept-data-loss to set the damaged "
                  "files aside and go on with what can be read",
                  settings.path, why));
}

base::error refused(const std::string& path, const std::error_code& failure) {
  return fail(errc::read_only, fmt::format("{}: {}", path, failure.message()));
}

/// Such as no time makes good.
bool is_damage(const base::error& failure) {
  return failure.code == errc::corrupt || failure.code == errc::damaged;
}

bool is_damage(const rocksdb::Status& status) {
  return status.IsCorruption() || status.IsInvalidArgument() || status.IsPathNotFound() ||
         status.IsNotFound();
}

/// The disk did not give it, though it may be sound: no reason to give anything up, unless the operator said
/// so.
bool may_pass(const options& settings, const base::error& failure) {
  return !settings.accept_data_loss && !is_damage(failure);
}

/// Only where the operator said so: from here on, what is missing is counted instead of refused.
base::result<void> salvage(attempt& what, std::string_view why) {
  if (!what.settings.accept_data_loss) return damaged(what.settings, why);
  if (std::exchange(what.told, why) != why)
    base::log::warning("queue: damaged, and data loss is accepted: {}", why);
  what.salvaged = true;
  return set_aside(what.settings.path, what.now);
}

/// An earlier start was told to accept a loss, and was ended before it had counted it. What it changed is no
/// damage any more that anybody would notice: it is undone, and done again.
base::result<void> begin_again(attempt& what) {
  const auto& path = what.settings.path;
  const auto aside = read_accepting(path);
  if (!aside) return aside.error();
  if (!*aside) return {};
  std::error_code failure;
  if (fs::is_directory(path + "/" + **aside, failure)) {
    base::log::warning(
        "queue: a loss of data was being accepted when the last process ended: that begins "
        "again with the files in {}/{}",
        path, **aside);
    what.settings.accept_data_loss = true;
    return put_back(path, **aside);
  }
  if (failure && failure != std::errc::no_such_file_or_directory)
    return refused(path + "/" + **aside, failure);
  const auto why = fmt::format("a loss of data was being accepted, and {} is gone", **aside);
  if (!what.settings.accept_data_loss) return damaged(what.settings, why);
  if (auto ended = end_accepting(path); !ended) return ended;
  return salvage(what, why);
}

/// A family that this program has never heard of was made by a newer one.
base::result<void> check_families(const attempt& what, const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (std::find(family_names.begin(), family_names.end(), name) == family_names.end())
      return fail(errc::incompatible,
                  fmt::format("the queue in {} was written by a newer version (it has '{}')",
                              what.settings.path, name));
  return {};
}

/// What the disk does not give, too, once the operator said so.
bool is_given_up(const attempt& what, const rocksdb::Status& status) {
  return is_damage(status) || (what.settings.accept_data_loss && !is_full(status));
}

/// As a part of a sentence of ours.
std::string words_of(const rocksdb::Status& status) {
  auto words = status.ToString();
  while (words.ends_with('.'))
    words.pop_back();
  return words;
}

/// Which files there are.
base::result<void> look_at_folder(attempt& what) {
  const auto files = base::files_in(what.database);
  if (!files) return fail(errc::read_only, files.error().message());
  for (const auto& file : *files) {
    const auto kind = file.extension();
    what.exists = what.exists || file.filename() == "CURRENT";
    what.remains = what.remains || kind == ".sst" || kind == ".log";
  }
  return {};
}

base::result<void> look_for_database(attempt& what) {
  if (what.exists) return {};
  if (what.known && what.known->last > 0)
    return salvage(what,
                   fmt::format("the database is gone, though it once held {} events", what.known->last));
  // Whatever the marker says, something was here.
  if (what.known || what.remains) return salvage(what, "the database is gone");
  return {};
}

base::result<void> found(const store_identity& made, store& data) {
  rocksdb::WriteBatch batch;
  batch.Put(data[family::meta], store_entry, encode_store(made));
  keep_identity(data, batch, made);
  batch.Put(data[family::meta], position_entry, encode_position(position()));
  if (const auto status = data.write(batch); !status.ok()) return translate(status);
  return {};
}

/// What the database says of itself. A new one has nothing to say yet.
base::result<void> read_identity(attempt& what, opened_store& out) {
  const auto stored = out.data->get(family::meta, store_entry);
  if (stored && !*stored && !what.known && !what.salvaged && out.data->newest_write() == 0) {
    out.identity = new_identity();
    return found(out.identity, *out.data);
  }
  if (!stored && may_pass(what.settings, stored.error())) return stored.error();
  auto identity = stored && *stored ? decode_store(**stored) : std::nullopt;
  if (!identity) {
    const auto* const why = stored && !*stored ? "the database is empty" : "its identity cannot be read";
    if (auto accepted = salvage(what, why); !accepted) return accepted.error();
    identity = kept_identity(*out.data).value_or(new_identity());
  }
  if (identity->format != store_format || identity->partitions != 1)
    return fail(
        errc::incompatible,
        fmt::format("the queue in {} has format {} with {} partitions; this program knows format {} with 1",
                    what.settings.path, identity->format, identity->partitions, store_format));
  out.identity = *identity;
  return {};
}

base::result<void> read_position(attempt& what, opened_store& out) {
  const auto entry = out.data->get(family::meta, position_entry);
  if (!entry && may_pass(what.settings, entry.error())) return entry.error();
  if (const auto where = entry && *entry ? decode_position(**entry) : std::nullopt) {
    out.where = *where;
  } else {
    if (auto accepted = salvage(what, "its position cannot be read"); !accepted) return accepted.error();
    out.where = position_of_log(*out.data);
  }
  if (const auto loss = out.data->get(family::meta, accepted_loss_entry); loss && *loss)
    out.loss_accepted_at = decode_accepted_loss(**loss);
  return {};
}

/// A store must know at least as much as its marker.
std::optional<std::string> contradiction(const attempt& what, const opened_store& opened) {
  const auto& where = opened.where;
  if (!what.known) {
    if (where.next == 1) return std::nullopt;  // it was never taken into use
    return "its marker is gone, so that nobody can tell whether its newest events are missing";
  }
  if (what.known->store != base::to_hex(opened.identity.id)) return "its marker belongs to another store";
  if (where.next <= what.known->last)
    return fmt::format("it ends at event {}, though event {} was stored", where.next - 1, what.known->last);
  const auto newest = opened.data->newest_write();
  if (newest < what.known->writes)
    return fmt::format("it ends at write {}, though write {} was acknowledged", newest, what.known->writes);
  return std::nullopt;
}

base::result<void> compare_with_marker(attempt& what, opened_store& out) {
  if (const auto wrong = contradiction(what, out); wrong && !what.salvaged)
    if (auto accepted = salvage(what, *wrong); !accepted) return accepted.error();
  if (!what.salvaged || !what.known || out.where.next > what.known->last) return {};
  // Numbers are never given twice: vendors may have seen the lost ones. The books count them.
  out.where.events += what.known->last + 1 - out.where.next;
  out.where.next = what.known->last + 1;
  return {};
}

rocksdb::DBOptions options_for(const attempt& what, std::shared_ptr<rocksdb::EventListener> faults) {
  auto how = database_options(what.env, std::move(faults));
  how.max_open_files = static_cast<int>(what.settings.max_open_files);
  return how;
}

/// Judges what is there before anything is changed: a database that is opened for writing brings its logs
/// into tables and deletes them. Whoever finds the lost log again, or the newer program, finds a refused
/// store as it was.
base::result<void> look_first(attempt& what) {
  if (!what.exists) return {};
  const auto how = options_for(what, nullptr);
  std::vector<std::string> families;
  const auto listed = rocksdb::DB::ListColumnFamilies(how, what.database, &families);
  if (auto known = check_families(what, families); !known) return known.error();
  if (listed.ok() && families.size() < family_names.size()) return {};  // making it was interrupted
  opened_store seen;
  if (const auto status = store::look_at(what.database, how, seen.data); !status.ok()) {
    if (is_given_up(what, status)) return salvage(what, words_of(status));
    return fail(errc::read_only, what.database + ": " + status.ToString());
  }
  if (seen.data->newest_write() == 0 && !what.known) return {};
  for (auto* const step : {read_identity, read_position, compare_with_marker})
    if (auto done = step(what, seen); !done || what.salvaged) return done;
  const auto books = ledger::load(*seen.data, seen.where);
  if (!books && may_pass(what.settings, books.error())) return books.error();
  if (!books) return salvage(what, books.error().message());
  if (what.settings.accept_data_loss && !readable(*seen.data))
    return salvage(what, "a stored block cannot be read");
  return {};
}

base::result<std::unique_ptr<store>> open_database(attempt& what) {
  if (auto looked = look_at_folder(what); !looked) return looked.error();
  if (auto there = look_for_database(what); !there) return there.error();
  if (auto sound = look_first(what); !sound) return sound.error();
  auto faults = std::make_shared<fault_listener>();
  auto how = options_for(what, faults);
  how.create_if_missing = !what.exists && !what.remains;
  // RocksDB warns of a folder that it has to make, and lets everybody look into it.
  if (const auto failure = make_private_folder(what.database)) return refused(what.database, failure);
  std::unique_ptr<store> out;
  auto status = store::open(what.database, how, faults, out);
  if (is_full(status) && ballast(what.settings).give_up()) {
    base::log::warning("queue: the disk is full: opening with the room of the ballast");
    faults = std::make_shared<fault_listener>();
    set_listeners(how, faults);
    status = store::open(what.database, how, faults, out);
  }
  if (!status.ok() && is_given_up(what, status)) {
    if (auto accepted = salvage(what, words_of(status)); !accepted) return accepted.error();
    status = open_damaged(what.settings.path, how, faults, out);
  }
  if (status.ok()) return out;
  return fail(is_full(status) ? errc::disk_low : errc::read_only, what.database + ": " + status.ToString());
}

}  // namespace

base::result<opened_store> open_store(const options& settings, base::timestamp now, rocksdb::Env* env) {
  if (const auto failure = make_private_folder(settings.path))
    return fail(errc::read_only, fmt::format("cannot make {}: {}", settings.path, failure.message()));
  auto held = holder::take(settings.path, now);
  if (!held) return held.error();
  attempt what{settings, now, env, settings.path + "/db", {}, false, {}};
  if (auto ready = begin_again(what); !ready) return ready.error();
  auto known = read_marker(settings.path);
  if (known)
    what.known = *known;
  else if (may_pass(what.settings, known.error()))
    return known.error();
  else if (auto accepted = salvage(what, known.error().message()); !accepted)
    return accepted.error();

  opened_store out;
  out.held = std::make_unique<holder>(std::move(*held));
  out.how = options_for(what, nullptr);
  auto data = open_database(what);
  if (!data) return data.error();
  out.data = std::move(*data);
  if (auto read = read_identity(what, out); !read) return read.error();
  if (auto read = read_position(what, out); !read) return read.error();
  if (auto same = compare_with_marker(what, out); !same) return same.error();
  out.accepts_loss = what.settings.accept_data_loss;
  out.salvaged = what.salvaged;
  return out;
}

base::result<std::unique_ptr<ledger>> open_books(const options& settings, base::timestamp now,
                                                 opened_store& opened) {
  if (!opened.salvaged) {
    auto books = ledger::load(*opened.data, opened.where);
    if (books) return books;
    if (!opened.accepts_loss)
      return is_damage(books.error()) ? damaged(settings, books.error().message()) : books.error();
    base::log::warning("queue: damaged, and data loss is accepted: {}", books.error().message());
    if (auto aside = set_aside(settings.path, now); !aside) return aside.error();
    // What is written from here on goes to another log than the one that was set aside.
    if (const auto status = opened.data->reopen(); !status.ok()) return translate(status);
    opened.salvaged = true;
  }
  opened.loss_accepted_at = now;
  if (auto renewed = renew_unreadable(settings.path, opened.how, opened.data); !renewed)
    return renewed.error();
  auto books = ledger::rebuild(*opened.data, opened.where, now);
  if (!books) return books;
  const auto& where = (*books)->where();
  const auto& key = opened.identity.hashes.identity_low;
  if (auto renewed = renew_index(*opened.data, key, where.first, where.next); !renewed)
    return renewed.error();
  return books;
}

base::result<open_marker> settle_opening(const options& settings, const opened_store& opened, ledger& books) {
  auto& data = *opened.data;
  rocksdb::WriteBatch batch;
  if (opened.salvaged) {
    batch.Put(data[family::meta], store_entry, encode_store(opened.identity));
    batch.Put(data[family::meta], accepted_loss_entry, encode_accepted_loss(*opened.loss_accepted_at));
    keep_identity(data, batch, opened.identity);
    for (const auto& [id, each] : books.units())
      keep_name(data, batch, id, each.name);
    books.write_to(data, batch);
    if (const auto status = data.write(batch); !status.ok()) return translate(status);
    base::log::warning("queue: opened with data loss accepted: {} acknowledged events are missing",
                       books.where().lost - opened.where.lost + books.where().corrupt - opened.where.corrupt);
  }
  const auto store_id = base::to_hex(opened.identity.id);
  const marker now{store_id, books.where().next - 1, data.newest_write()};
  const auto known = read_marker(settings.path);
  const bool stands = known && *known && (*known)->store == store_id && (*known)->writes <= now.writes;
  if (!stands)
    if (auto written = write_marker(settings.path, now); !written) return written.error();
  if (auto ended = end_accepting(settings.path); !ended) return ended.error();
  return open_marker::open(settings.path, store_id);
}

base::result<std::unique_ptr<ledger>> reload(const store& data) {
  const auto entry = data.get(family::meta, position_entry);
  if (!entry) return entry.error();
  const auto where = *entry ? decode_position(**entry) : std::nullopt;
  if (!where) return fail(errc::corrupt, "the position cannot be read");
  return ledger::load(data, *where);
}

}  // namespace cartrelay::queue::rocks
