#include "link/window.h"

#include <algorithm>

namespace rig::link {

bool is_open(const Window& window, const Conditions& is) {
  const std::uint64_t bytes = window.counted == base::Direction::up ? is.up_bytes : is.down_bytes;
  return window.from <= is.now && is.now < window.until &&
         (window.phase.empty() || window.phase == is.phase) && window.bytes_from <= bytes &&
         bytes < window.bytes_until;
}

bool holds(const Window& window, const Conditions& is) {
  if (!is_open(window, is)) return false;
  const base::Duration beat = window.on + window.off;
  return beat <= base::Duration::zero() || (is.now - window.from) % beat < window.on;
}

std::optional<base::Instant> next_edge(const Window& window, base::Instant now) {
  if (now < window.from) return window.from;
  if (now < window.until && window.until != base::Instant::max()) return window.until;
  return std::nullopt;
}

std::optional<base::Instant> next_beat(const Window& window, base::Instant now) {
  const auto edge = next_edge(window, now);
  const base::Duration beat = window.on + window.off;
  if (beat <= base::Duration::zero() || now < window.from || now >= window.until) return edge;
  const base::Duration into = (now - window.from) % beat;
  const base::Instant next = now - into + (into < window.on ? window.on : beat);
  return edge ? std::min(*edge, next) : next;
}

}  // namespace rig::link
