#include "console/port_holder.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace rig::console {
namespace {

namespace fs = std::filesystem;

bool is_process(const fs::path& folder) {
  const std::string name = folder.filename();
  return std::ranges::all_of(
      name, [](char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; });
}

bool has_open(const fs::path& process, const std::string& node) {
  std::error_code error;  // other users' processes, and those that just ended
  for (fs::directory_iterator each(process / "fd", error), end; !error && each != end;
       each.increment(error)) {
    std::error_code unreadable;
    if (fs::read_symlink(*each, unreadable) == node) return true;
  }
  return false;
}

}  // namespace

std::string holder_of(const std::string& node) {
  const std::string us = std::to_string(::getpid());
  std::error_code error;
  for (fs::directory_iterator each("/proc", error), end; !error && each != end;
       each.increment(error)) {
    if (!is_process(each->path()) || !has_open(each->path(), node)) continue;
    const std::string number = each->path().filename();
    std::string name;
    std::getline(std::ifstream(each->path() / "comm"), name);
    return name + " (process " + number + (number == us ? ", this one)" : ")");
  }
  return "another program; often ModemManager or brltty";
}

}  // namespace rig::console
