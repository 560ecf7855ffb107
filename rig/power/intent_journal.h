// What the rig meant each switch channel to be, on disk before it acts; so that the next start,
// after a crash or a power cut of the rig itself, knows which boards to bring to their safe state.
// It also counts, over all runs, how often each contact was closed.
//
// A text file of lines, each "CRC WORDS" with the CRC-32 of WORDS in eight hexadecimal digits:
//
//   intent on|off safe on|off KEY     about to switch; `safe` is the level that leaves it safe
//   settled KEY                       it is in its safe state, and that was verified
//   cycles N KEY                      closed N times before this file was rewritten
//
// KEY is CHANNEL@SWITCH. A last line that is torn or wrong was being written when the rig died: it
// is ignored, as nothing was switched yet. Any other wrong line is damage: see damaged_lines(). The
// file is rewritten (beside, then renamed) each time it is opened, so it does not grow for ever.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "power/bench_lock.h"
#include "power/power_domain.h"

namespace rig::power {

struct Intent {
  ChannelKey key;
  Level level{Level::off};
  Level safe{Level::off};
};

// Pure: what a journal's text says.
struct JournalContents {
  struct Entry {
    std::uint64_t cycles{0};
    std::optional<Intent> unsettled;
  };
  std::map<ChannelKey, Entry> entries;
  int damaged_lines{0};  // the last line not counted
};
[[nodiscard]] JournalContents read_journal(std::string_view text);
[[nodiscard]] std::string journal_line(std::string_view words);

class IntentJournal {
 public:
  // Creates it when missing (its folder must exist). base::UsageError when another otarig has it
  // open, naming that one: `path`.lock is held while this lives. base::RigError when the disk
  // refuses.
  explicit IntentJournal(std::string path);

  // What an earlier run left unsafe. Stays until settled().
  [[nodiscard]] std::vector<Intent> unsettled() const;
  // Lines that cannot be read: bring every channel of the bench to safety, not only these.
  [[nodiscard]] int damaged_lines() const { return contents_.damaged_lines; }
  [[nodiscard]] std::uint64_t cycles(const ChannelKey& key) const;

  // On disk when it returns (milliseconds): called when a cut is armed, not in the moment of it.
  void intend(std::span<const Intent> intents);
  void settled(const ChannelKey& key);

 private:
  void append(const std::string& text);
  void rewrite();

  std::string path_;
  BenchLock lock_;
  base::UniqueFd file_;
  JournalContents contents_;
};

}  // namespace rig::power
