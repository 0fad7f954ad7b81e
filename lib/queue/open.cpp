#include "queue/open.hpp"

#include "queue/memory/engine.hpp"
#include "queue/rocksdb/engine.hpp"

namespace cartrelay::queue {

base::result<std::unique_ptr<engine>> open(const options& settings, const base::clock& time) {
  if (settings.engine == "rocksdb") return rocks::open(settings, time);
  if (settings.engine == "memory")
    return std::unique_ptr<engine>(std::make_unique<memory::memory_engine>(settings));
  return fail(errc::incompatible, "there is no queue engine '" + settings.engine + "'");
}

}  // namespace cartrelay::queue
