#include "power/intent_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/rig_error.h"

namespace rig::power {
namespace {

std::string key_text(const ChannelKey& key) {
  return fmt::format("{}@{}", key.channel.number, key.power_switch);
}

std::string level_text(Level level) { return level == Level::on ? "on" : "off"; }

std::string intent_words(const Intent& intent) {
  return fmt::format("intent {} safe {} {}", level_text(intent.level), level_text(intent.safe),
                     key_text(intent.key));
}

std::uint32_t crc_of(std::string_view words) { return base::crc32(base::bytes_of(words)); }

// Takes words from the front of a line; anything unexpected makes it false for good.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  [[nodiscard]] std::string_view next() {
    const std::size_t end = rest_.find(' ');
    const std::string_view word = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
    return word;
  }
  [[nodiscard]] Level level() {
    const std::string_view word = next();
    good_ = good_ && (word == "on" || word == "off");
    return word == "on" ? Level::on : Level::off;
  }
  template <typename Number>
  [[nodiscard]] Number number(std::string_view word) {
    Number value{};
    const char* end = word.data() + word.size();
    const auto result = std::from_chars(word.data(), end, value);
    good_ = good_ && result.ec == std::errc{} && result.ptr == end;
    return value;
  }
  [[nodiscard]] std::uint64_t count() { return number<std::uint64_t>(next()); }
  void expect(std::string_view word) { good_ = next() == word && good_; }
  // The rest of the line.
  [[nodiscard]] ChannelKey key() {
    const std::size_t at = rest_.find('@');
    good_ = good_ && at != std::string_view::npos;
    const auto channel = number<std::uint8_t>(rest_.substr(0, at));
    return {std::string(rest_.substr(good_ ? at + 1 : 0)), Channel{channel}};
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_{true};
};

bool take_intent(Words& words, JournalContents& into) {
  Intent intent;
  intent.level = words.level();
  words.expect("safe");
  intent.safe = words.level();
  intent.key = words.key();
  if (!words.good()) return false;
  JournalContents::Entry& entry = into.entries[intent.key];
  if (intent.level == Level::on) ++entry.cycles;
  entry.unsettled = intent;
  return true;
}

bool take_settled(Words& words, JournalContents& into) {
  const ChannelKey key = words.key();
  if (words.good()) into.entries[key].unsettled.reset();
  return words.good();
}

bool take_cycles(Words& words, JournalContents& into) {
  const std::uint64_t cycles = words.count();
  const ChannelKey key = words.key();
  if (words.good()) into.entries[key].cycles = cycles;
  return words.good();
}

bool has_good_crc(std::string_view line) {
  constexpr std::size_t kCrcDigits = 8;
  if (line.size() <= kCrcDigits || line[kCrcDigits] != ' ') return false;
  return line.substr(0, kCrcDigits) == fmt::format("{:08x}", crc_of(line.substr(kCrcDigits + 1)));
}

bool take_line(std::string_view line, JournalContents& into) {
  if (!has_good_crc(line)) return false;
  Words words(line);
  static_cast<void>(words.next());
  const std::string_view kind = words.next();
  if (kind == "intent") return take_intent(words, into);
  if (kind == "settled") return take_settled(words, into);
  return kind == "cycles" && take_cycles(words, into);
}

std::string text_of(const JournalContents& contents) {
  std::string text;
  for (const auto& [key, entry] : contents.entries) {
    // The intent counts its own closing when it is read again.
    const bool counts = entry.unsettled && entry.unsettled->level == Level::on;
    text +=
        journal_line(fmt::format("cycles {} {}", entry.cycles - (counts ? 1U : 0U), key_text(key)));
    if (entry.unsettled) text += journal_line(intent_words(*entry.unsettled));
  }
  return text;
}

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

base::UniqueFd opened(const std::string& path, int flags) {
  constexpr int kMode = 0644;
  return base::UniqueFd(base::check_errno(open(path.c_str(), flags | O_CLOEXEC, kMode),
                                          "open power journal " + path));
}

// The journal of a board bears its name.
std::string board_of(const std::string& path) { return std::filesystem::path(path).stem(); }

void write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t count = write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    base::check_errno(count < 0 ? -1 : 0, "write power journal " + path);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  base::check_errno(fdatasync(fd), "write power journal " + path);
}

void sync_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  const base::UniqueFd fd = opened(folder, O_RDONLY | O_DIRECTORY);
  base::check_errno(fsync(fd.get()), "write folder " + folder.native());
}

}  // namespace

std::string journal_line(std::string_view words) {
  return fmt::format("{:08x} {}\n", crc_of(words), words);
}

JournalContents read_journal(std::string_view text) {
  JournalContents contents;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const bool last = end == std::string_view::npos || end + 1 == text.size();
    const bool good = end != std::string_view::npos && take_line(text.substr(0, end), contents);
    if (!good && !last) ++contents.damaged_lines;
    text = last ? std::string_view{} : text.substr(end + 1);
  }
  return contents;
}

IntentJournal::IntentJournal(std::string path)
    : path_(std::move(path)),
      lock_(path_ + ".lock", "board " + board_of(path_)),
      contents_(read_journal(file_text(path_))) {
  rewrite();
}

void IntentJournal::rewrite() {
  const std::string beside = path_ + ".rewritten";
  write_all(opened(beside, O_WRONLY | O_CREAT | O_TRUNC).get(), text_of(contents_), beside);
  base::check_errno(rename(beside.c_str(), path_.c_str()), "replace power journal " + path_);
  sync_folder_of(path_);
  file_ = opened(path_, O_WRONLY | O_APPEND);
}

std::vector<Intent> IntentJournal::unsettled() const {
  std::vector<Intent> all;
  for (const auto& [key, entry] : contents_.entries) {
    if (entry.unsettled) all.push_back(*entry.unsettled);
  }
  return all;
}

std::uint64_t IntentJournal::cycles(const ChannelKey& key) const {
  const auto found = contents_.entries.find(key);
  return found == contents_.entries.end() ? 0 : found->second.cycles;
}

void IntentJournal::append(const std::string& text) {
  write_all(file_.get(), text, path_);
  const JournalContents more = read_journal(text);
  for (const auto& [key, entry] : more.entries) {
    JournalContents::Entry& mine = contents_.entries[key];
    mine.cycles += entry.cycles;
    mine.unsettled = entry.unsettled;
  }
}

void IntentJournal::intend(std::span<const Intent> intents) {
  std::string text;
  for (const Intent& intent : intents) text += journal_line(intent_words(intent));
  append(text);
}

void IntentJournal::settled(const ChannelKey& key) {
  append(journal_line("settled " + key_text(key)));
}

}  // namespace rig::power
