#pragma once

// What most translation units parse anyway, parsed once (CARTRELAY_PCH). Every source still names all that it
// uses: the headers_alone target and the sanitizer builds compile without this.
#include "base/completion.hpp"
#include "base/task.hpp"
#include "base/timer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/result.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
