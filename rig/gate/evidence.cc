#include "gate/evidence.h"

#include <algorithm>

namespace rig::gate {

void Count::add(const Count& more) {
  failures += more.failures;
  trials += more.trials;
  missed += more.missed;
}

void add_to(std::vector<NamedCount>& counts, const std::string& name, const Count& more) {
  auto found = std::find_if(counts.begin(), counts.end(),
                            [&](const NamedCount& each) { return each.name == name; });
  if (found == counts.end()) found = counts.insert(counts.end(), {.name = name});
  found->count.add(more);
}

Count count_of(const std::vector<NamedCount>& counts, const std::string& name) {
  const auto found = std::find_if(counts.begin(), counts.end(),
                                  [&](const NamedCount& each) { return each.name == name; });
  return found == counts.end() ? Count{} : found->count;
}

}  // namespace rig::gate
