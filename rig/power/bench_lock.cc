#include "power/bench_lock.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <fstream>
#include <iterator>

#include "base/let_go.h"
#include "base/rig_error.h"

namespace rig::power {
namespace {

constexpr std::size_t kLongestCommand = 160;

// The arguments of this process as one line.
std::string own_command() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::string command((std::istreambuf_iterator<char>(in)), {});
  while (!command.empty() && command.back() == '\0') command.pop_back();
  std::ranges::replace_if(
      command, [](unsigned char byte) { return byte < ' ' || byte == 0x7F; }, ' ');
  return command.substr(0, kLongestCommand);
}

std::string line_of(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

template <class Number>
std::optional<Number> next_number(std::string_view& line) {
  Number number{};
  const std::size_t end = std::min(line.find(' '), line.size());
  const auto [last, error] = std::from_chars(line.data(), line.data() + end, number);
  if (error != std::errc() || last != line.data() + end) return std::nullopt;
  line.remove_prefix(std::min(end + 1, line.size()));
  return number;
}

void write_holder(int file, const std::string& attempt) {
  const std::string line = fmt::format("{} {} {}\n", getpid(), std::time(nullptr), own_command());
  base::check_errno(ftruncate(file, 0), attempt);
  const auto written = pwrite(file, line.data(), line.size(), 0);
  base::check_errno(written < 0 ? -1 : 0, attempt);
}

}  // namespace

BenchLock::BenchLock(const std::string& path, const std::string& what) {
  constexpr int kMode = 0644;
  const std::string attempt = "lock " + what + " with " + path;
  file_ = base::UniqueFd(
      base::check_errno(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode), attempt));
  if (flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) base::check_errno(-1, attempt);
    throw base::UsageError(what + " is in use by another otarig: " +
                           holder_in(line_of(path)).value_or("which does not say who it is") +
                           "; wait for its end, or stop it");
  }
  write_holder(file_.get(), attempt);
}

BenchLock::~BenchLock() { base::let_go(file_.get()); }

std::optional<std::string> holder_in(std::string_view line) {
  const auto pid = next_number<int>(line);
  const auto since = pid ? next_number<std::int64_t>(line) : std::nullopt;
  if (!since) return std::nullopt;
  std::tm local{};
  const std::time_t seconds = *since;
  if (localtime_r(&seconds, &local) == nullptr) return std::nullopt;
  return fmt::format("process {} ('{}'), since {:%Y-%m-%d %H:%M:%S}", *pid, line, local);
}

}  // namespace rig::power
