#include "shaping/footprint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "base/rig_error.h"
#include "io/net_namespace.h"
#include "shaping/interface.h"
#include "shaping/qdisc.h"

namespace rig::shaping {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".link";

// Field 22 of proc(5)'s stat, counted behind the name, which may have blanks; empty: no such
// process.
std::string started(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/stat");
  std::string line((std::istreambuf_iterator<char>(in)), {});
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(line.substr(name_end + 1));
  constexpr int kStartTime = 20;
  std::string field;
  for (int i = 0; i < kStartTime; ++i) fields >> field;
  return field;
}

bool is_alive(const fs::path& file) {
  const std::string name = file.stem();
  const std::size_t first = name.find('-');
  const std::size_t second = name.find('-', first + 1);
  if (first == std::string::npos || second == std::string::npos) return false;
  return started(name.substr(0, first)) == name.substr(first + 1, second - first - 1);
}

std::vector<fs::path> orphans(const std::string& folder) {
  std::vector<fs::path> all;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().extension() == kEnding && !is_alive(entry.path())) all.push_back(entry.path());
  }
  std::ranges::sort(all);
  return all;
}

// What a process that is gone had noted.
struct Notes {
  std::uint64_t network{0};  // 0: it did not come to write it down
  std::vector<std::string> lines{};
};

Notes notes_in(const fs::path& file) {
  constexpr std::string_view kNetwork = "network ";
  std::ifstream in(file);
  Notes notes;
  for (std::string line; std::getline(in, line) && !in.eof();) {
    if (line.starts_with(kNetwork)) {
      notes.network = std::strtoull(line.c_str() + kNetwork.size(), nullptr, 10);
    } else {
      notes.lines.push_back(line);
    }
  }
  return notes;
}

bool is_socket(const std::string& line) { return line.starts_with("control "); }

std::string in_words(const std::string& line) {
  std::istringstream words(line);
  std::string what;
  std::string which;
  std::string interface;
  words >> what >> which >> interface;
  if (what == "control") return "socket " + line.substr(what.size() + 1);
  return what == "qdisc" ? "shaping of " + which : which + " of " + interface;
}

void undo(const std::string& line) {
  std::istringstream words(line);
  std::string what;
  std::string which;
  std::string interface;
  words >> what >> which >> interface;
  if (what == "control") {
    ::unlink(line.substr(what.size() + 1).c_str());
    return;
  }
  if (what == "qdisc") {
    const auto root = root_qdisc(which);
    if (root && root->kind == "netem") clear_root_qdisc(which);
    return;
  }
  (void)interface_index(interface);
  for (const Offload each : {Offload::receive_merging, Offload::segmentation,
                             Offload::tcp_segmentation, Offload::checksums}) {
    if (name_of(each) == which) set(interface, each, true);
  }
}

std::vector<std::string> undo_each(const std::vector<std::string>& lines) {
  std::vector<std::string> undone;
  for (const std::string& line : lines) {
    try {
      undo(line);
      undone.push_back(in_words(line));
    } catch (const base::UsageError&) {  // no such interface any more
    }
  }
  return undone;
}

// With its namespace its interfaces are gone; its sockets are files.
std::vector<std::string> undo_all(Notes notes) {
  std::optional<io::InNetNamespace> inside;
  if (notes.network != 0 && notes.network != io::own_net_namespace()) {
    const auto there = io::NetNamespace::find(notes.network);
    if (there) {
      inside.emplace(*there);
    } else {
      std::erase_if(notes.lines, [](const std::string& line) { return !is_socket(line); });
    }
  }
  return undo_each(notes.lines);
}

}  // namespace

Footprint::Footprint(const std::string& folder) {
  if (folder.empty()) return;
  static std::atomic<int> count{0};
  const std::string pid = std::to_string(::getpid());
  path_ = fmt::format("{}/{}-{}-{}{}", folder, pid, started(pid), ++count, kEnding);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw base::RigError(error, "make the folder " + folder);
  file_ = io::UniqueFd(base::check_errno(
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644),
      "write " + path_));
  note("network " + std::to_string(io::own_net_namespace()));
}

Footprint::~Footprint() {
  if (file_) ::unlink(path_.c_str());
}

void Footprint::note(const std::string& line) {
  if (!file_) return;
  const std::string whole = line + "\n";
  base::check_errno(static_cast<int>(::write(file_.get(), whole.data(), whole.size())),
                    "write " + path_);
  base::check_errno(::fdatasync(file_.get()), "write " + path_);
}

std::vector<std::string> left_behind(const std::string& folder) {
  std::vector<std::string> all;
  for (const fs::path& each : orphans(folder)) {
    for (const std::string& line : notes_in(each).lines) all.push_back(in_words(line));
  }
  return all;
}

std::vector<std::string> undo_left_behind(const std::string& folder) {
  std::vector<std::string> undone;
  for (const fs::path& each : orphans(folder)) {
    for (std::string& what : undo_all(notes_in(each))) undone.push_back(std::move(what));
    fs::remove(each);
  }
  return undone;
}

}  // namespace rig::shaping
