#include "simulation/scenario.hpp"

namespace cartrelay::simulation {

using namespace std::chrono_literals;

scenario scenario::draw(base::random_source& random) {
  scenario out;
  auto& given = out.given;
  given.name = "vendor";
  given.kind = "page";
  given.secret = base::secret("first");
  given.concurrency = 1 + random.below(8);
  if (chance(random, 40)) {
    given.rate.per_second = 1 + static_cast<double>(random.below(40));
    given.rate.burst = static_cast<double>(random.below(10));
  }
  given.retry.initial = between(random, 50ms, 2s);
  given.retry.max = between(random, 5s, 120s);
  given.retry.max_age = chance(random, 30) ? between(random, 10s, 120s) : between(random, 1h, 24h);
  given.request_timeout = 30s;
  if (chance(random, 25)) given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  out.supersedes = chance(random, 40);
  if (chance(random, 40)) {
    given.batch.max_events = 2 + random.below(30);
    given.batch.max_bytes = 20 + random.below(200);
    given.batch.linger = between(random, 0ms, 2s);
  } else {
    given.batch.max_events = 1;
    out.remembers = chance(random, 50);
    out.requests = 1 + random.below(3);
  }
  if (chance(random, 20)) out.refused_commits = 0.02;
  out.commit_time = between(random, 0ms, chance(random, 20) ? 400ms : 10ms);
  return out;
}

scenario scenario::draw_stumbling(base::random_source& random, unsigned most_sick) {
  auto out = draw(random);
  auto& given = out.given;
  given.retry.max_age = 24h;
  if (given.batch.max_events > 1) given.batch.max_events = 2 + random.below(8);
  out.sick_keys = 1 + static_cast<unsigned>(random.below(most_sick));
  return out;
}

}  // namespace cartrelay::simulation
