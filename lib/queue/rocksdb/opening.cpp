#include "queue/rocksdb/opening.hpp"

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/ballast.hpp"
#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/marker.hpp"
#include "queue/rocksdb/salvage.hpp"
#include "queue/rocksdb/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

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
  const options& settings;
  base::timestamp now;
  rocksdb::Env* env;
  std::string database;
  std::optional<marker> known;
  bool salvaged = false;

  [[nodiscard]] bool exists() const { return fs::exists(database + "/CURRENT"); }
};

base::error damaged(const attempt& what, std::string_view why) {
  return fail(
      errc::damaged,
      fmt::format("the queue in {} is damaged: {}. Start once with --accept-data-loss to set the damaged "
                  "files aside and go on with what can be read",
                  what.settings.path, why));
}

/// A family that this program has never heard of was made by a newer one.
base::result<void> check_families(const attempt& what, const rocksdb::DBOptions& how) {
  std::vector<std::string> names;
  const auto status = rocksdb::DB::ListColumnFamilies(how, what.database, &names);
  if (!status.ok()) return {};  // opening will say it better
  for (const auto& name : names)
    if (std::find(family_names.begin(), family_names.end(), name) == family_names.end())
      return fail(errc::incompatible,
                  fmt::format("the queue in {} was written by a newer version (it has '{}')",
                              what.settings.path, name));
  return {};
}

bool is_damage(const rocksdb::Status& status) {
  return status.IsCorruption() || status.IsInvalidArgument() || status.IsPathNotFound() ||
         status.IsNotFound();
}

base::result<std::unique_ptr<store>> open_database(attempt& what) {
  auto faults = std::make_shared<fault_listener>();
  auto how = database_options(what.env, faults);
  how.create_if_missing = !what.exists() && (!what.known || what.settings.accept_data_loss);
  if (!what.exists() && what.known) {
    if (!what.settings.accept_data_loss)
      return damaged(what,
                     fmt::format("the database is gone, though it once held {} events", what.known->last));
    if (auto aside = set_aside(what.settings.path, what.now); !aside) return aside.error();
    what.salvaged = true;
  }
  if (what.exists())
    if (auto known = check_families(what, how); !known) return known.error();
  fs::create_directories(what.database);  // RocksDB warns of a folder that it has to make
  std::unique_ptr<store> out;
  auto status = store::open(what.database, how, faults, out);
  if (status.IsNoSpace() && ballast(what.settings).give_up()) {
    base::log::warning("queue: the disk is full: opening with the room of the ballast");
    faults = std::make_shared<fault_listener>();
    how.listeners = {faults};
    status = store::open(what.database, how, faults, out);
  }
  if (!status.ok() && is_damage(status)) {
    if (!what.settings.accept_data_loss) return damaged(what, status.ToString());
    if (auto aside = set_aside(what.settings.path, what.now); !aside) return aside.error();
    what.salvaged = true;
    status = open_damaged(what.database, how, faults, out);
  }
  if (!status.ok()) return fail(errc::read_only, what.database + ": " + status.ToString());
  return out;
}

base::result<void> found(const attempt& what, store& data) {
  rocksdb::WriteBatch batch;
  const auto made = new_identity();
  batch.Put(data[family::meta], store_entry, encode_store(made));
  if (!what.salvaged) batch.Put(data[family::meta], position_entry, encode_position(position()));
  if (const auto status = data.write(batch); !status.ok()) return translate(status);
  return {};
}

base::result<void> read_identity(attempt& what, opened_store& out) {
  auto stored = out.data->get(family::meta, store_entry);
  if (!stored) return damaged(what, stored.error().message());
  if (!*stored) {
    if (what.known && !what.settings.accept_data_loss) return damaged(what, "the database is empty");
    what.salvaged = what.known.has_value();
    if (auto made = found(what, *out.data); !made) return made.error();
    stored = out.data->get(family::meta, store_entry);
  }
  const auto identity = decode_store(stored->value());
  if (!identity) return damaged(what, "its identity cannot be read");
  if (identity->format != value_format || identity->partitions != 1)
    return fail(
        errc::incompatible,
        fmt::format("the queue in {} has format {} with {} partitions; this program knows format {} with 1",
                    what.settings.path, identity->format, identity->partitions, value_format));
  out.identity = *identity;
  const auto entry = out.data->get(family::meta, position_entry);
  if (!entry) return damaged(what, entry.error().message());
  const auto where = *entry ? decode_position(**entry) : std::nullopt;
  if (!where && !what.settings.accept_data_loss) return damaged(what, "its position cannot be read");
  out.where = where ? *where : position_of_log(*out.data);
  return {};
}

/// A store must know at least as much as its marker.
base::result<void> compare_with_marker(attempt& what, opened_store& out) {
  if (!what.known) return {};
  const auto id = base::to_hex(out.identity.id);
  const bool foreign = what.known->store != id;
  const bool short_of_events = out.where.next <= what.known->last;
  if (!foreign && !short_of_events && !what.salvaged) return {};
  if (!what.settings.accept_data_loss)
    return damaged(what, foreign ? std::string("its marker belongs to another store")
                                 : fmt::format("it ends at event {}, though event {} was stored",
                                               out.where.next - 1, what.known->last));
  const auto lost = short_of_events ? what.known->last - (out.where.next - 1) : 0;
  out.where.lost += lost;
  // Numbers are never given twice: vendors may have seen the lost ones.
  if (short_of_events) out.where.next = what.known->last + 1;
  if (out.where.events == 0) out.where.first = out.where.next;
  out.salvaged = true;
  base::log::warning("queue: opened with data loss accepted: {} acknowledged events are missing", lost);
  return {};
}

}  // namespace

base::result<opened_store> open_store(const options& settings, base::timestamp now, rocksdb::Env* env) {
  std::error_code failure;
  fs::create_directories(settings.path, failure);
  if (failure)
    return fail(errc::read_only, fmt::format("cannot make {}: {}", settings.path, failure.message()));
  auto held = holder::take(settings.path, now);
  if (!held) return held.error();
  attempt what{settings, now, env, settings.path + "/db", {}};
  auto known = read_marker(settings.path);
  if (!known && !settings.accept_data_loss) return damaged(what, known.error().message());
  if (known) what.known = *known;

  opened_store out;
  out.held = std::make_unique<holder>(std::move(*held));
  auto data = open_database(what);
  if (!data) return data.error();
  out.data = std::move(*data);
  if (auto read = read_identity(what, out); !read) return read.error();
  out.salvaged = what.salvaged;
  if (auto same = compare_with_marker(what, out); !same) return same.error();
  return out;
}

base::result<void> settle_opening(const options& settings, const opened_store& opened, ledger& books) {
  if (opened.salvaged) {
    books.recount(*opened.data);
    rocksdb::WriteBatch batch;
    batch.Put((*opened.data)[family::meta], store_entry, encode_store(opened.identity));
    books.write_to(*opened.data, batch);
    if (const auto status = opened.data->write(batch); !status.ok()) return translate(status);
  }
  return write_marker(settings.path, {base::to_hex(opened.identity.id), books.where().next - 1});
}

}  // namespace cartrelay::queue::rocks
