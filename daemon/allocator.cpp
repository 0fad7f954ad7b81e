/// Read by jemalloc before main(). Two arenas are enough for the threads there are, and memory that a burst
/// needed goes back to the system within a second: what the daemon holds follows what it does, not what it
/// did.
extern "C" {
extern const char* malloc_conf;  // NOLINT(readability-identifier-naming): jemalloc's name
const char* malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0";
}
