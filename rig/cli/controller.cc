#include "cli/controller.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace rig::cli {
namespace {

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Ticks since the machine started, and which start that was. The program's name in the second field
// may hold blanks and brackets of its own, so fields are counted from its last bracket on. Empty
// for one that has ended and that nobody has waited for.
std::string birth_of(std::int64_t pid) {
  const std::string stat = text_of("/proc/" + std::to_string(pid) + "/stat");
  const auto name_ends = stat.rfind(')');
  if (name_ends == std::string::npos) return "";
  constexpr int kStartTime = 20;  // fields behind the name, the state being the first
  std::istringstream fields(stat.substr(name_ends + 1));
  std::string field;
  fields >> field;
  if (field == "Z" || field == "X") return "";
  for (int i = 1; i < kStartTime; ++i) fields >> field;
  const std::string boot = text_of("/proc/sys/kernel/random/boot_id");
  return boot.substr(0, boot.find('\n')) + ":" + field;
}

}  // namespace

store::Controller this_process() { return {.pid = ::getpid(), .started = birth_of(::getpid())}; }

bool is_alive(const store::Controller& controller) {
  return !controller.started.empty() && birth_of(controller.pid) == controller.started;
}

}  // namespace rig::cli
