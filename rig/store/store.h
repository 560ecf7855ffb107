// The one database of campaigns, cycles, verdicts and timelines (schema.md).
//
// Intent before act: begin_cycle() writes a row before anything happens, finish_cycle() completes
// it. A rig that dies in between leaves an open row, never a silent gap; (campaign, index) is
// unique, so no cycle is ever booked twice.
//
// One Store belongs to one thread. Other processes may read and write the same file meanwhile.
// Failures: base::RigError (disk full, file gone, locked for 10 s), base::UsageError (not our file,
// newer schema, no such campaign or cycle).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.h"
#include "store/model.h"
#include "store/packed_timeline.h"

namespace rig::store {

// grouped: rows are committed every 256 finished cycles, and as soon as one second of wall clock
//   has passed since the last commit (seen at the next begin or finish). For the simulated board:
//   the last second of cycles, lost with the process or to a full disk, can be had again.
// timed: as grouped, and synced, so that a loss of the host's power costs a second at most as well;
//   tick() is called often, so that a quiet rig commits too. For a soak.
// each: every begin and finish is on disk, synced, before the call returns. For real boards.
enum class Commit : std::uint8_t { grouped, timed, each };

struct StoreOptions {
  IfMissing if_missing{IfMissing::create};
  Commit commit{Commit::grouped};
  // Only what reads may be called then; a file of an older schema is refused (base::UsageError).
  bool read_only{false};
};

class Store {
 public:
  // Creates missing folders, migrates an older schema.
  explicit Store(const std::string& path, StoreOptions options = {});
  ~Store();  // commits what was handed over; failures to do so are lost: call sync() to see them
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // ---- writing
  [[nodiscard]] CampaignId begin_campaign(const CampaignStart& start);
  // What becomes known by the first control run.
  void set_plan(CampaignId campaign, std::uint64_t points_planned, std::uint64_t flash_ops_total);
  // The timeline that cycles of this campaign may share a beginning with. At most once, before the
  // first finish_cycle() that was packed against it.
  void set_trunk(CampaignId campaign, const record::Timeline& trunk);
  // Throws RigError (EEXIST) when the campaign has a cycle of this index.
  [[nodiscard]] CycleId begin_cycle(CampaignId campaign, const CycleIntent& intent);
  // The same for an open cycle whose controller died in it: it moves to `campaign`, which may be
  // another board's. Throws RigError when the cycle is not open.
  void begin_again(CycleId cycle, CampaignId campaign, const CycleIntent& intent);
  // Throws RigError when the cycle is finished already.
  void finish_cycle(CycleId cycle, const CycleOutcome& outcome, const PackedTimeline& timeline);
  // `finished` needs every cycle to have an outcome (RigError otherwise); interrupted does not.
  void end_campaign(CampaignId campaign, CampaignState state, std::int64_t ended_unix_us);
  // An ended campaign goes on.
  void reopen_campaign(CampaignId campaign);
  // For judging again from stored timelines: verdict, phase and findings; all else stays.
  void replace_judgement(CycleId cycle, const record::Judgement& judgement);
  // Everything handed over so far is in the file when this returns.
  void sync();
  // Commits what waits, once a quarter of a second is over since the last commit. Called whenever
  // there is nothing to write, so that other processes find the file unlocked now and then.
  void tick(std::int64_t now_unix_us);

  // ---- reading (sees what this Store has written, committed or not)
  [[nodiscard]] std::vector<Campaign> campaigns();  // oldest first
  [[nodiscard]] std::vector<Campaign> batch(std::string_view name);
  [[nodiscard]] Campaign campaign(CampaignId id);
  [[nodiscard]] CampaignSummary summary(CampaignId id);
  // Without `torn`, the only part of it that takes more than an index: of a million cycles in a
  // second.
  [[nodiscard]] CampaignSummary quick_summary(CampaignId id);
  // With their findings, in order of index.
  [[nodiscard]] std::vector<Cycle> cycles(CampaignId id, const CycleFilter& filter = {});
  // Only what tells the cycles apart, of a campaign that may have a million.
  [[nodiscard]] std::vector<CycleKey> cycle_rows(CampaignId id);
  [[nodiscard]] std::vector<Cycle> counterexamples(CampaignId id);  // failing cuts
  [[nodiscard]] Cycle cycle(CycleId id);
  // The latest cycle of this plan id on a kind of board ("sim").
  [[nodiscard]] std::optional<Cycle> cycle_of_plan(std::string_view plan, std::string_view board);
  // Empty before set_trunk().
  [[nodiscard]] record::Timeline trunk(CampaignId id);
  // Throws RigError when the stored bytes are damaged. Loading many timelines of one campaign:
  // hand in its trunk.
  [[nodiscard]] record::Timeline timeline(CycleId id);
  [[nodiscard]] record::Timeline timeline(CycleId id, const record::Timeline& trunk);
  [[nodiscard]] PackedTimeline packed_timeline(CycleId id);

  [[nodiscard]] Database& database() { return database_; }

 private:
  void open_transaction();
  void commit_if_due(std::int64_t now_unix_us);
  void require_open(CycleId cycle, std::string_view attempt);
  void write_judgement(CycleId cycle, const record::Judgement& judgement);
  template <typename Act>
  void guarded(const Act& act);

  Database database_;
  Commit commit_;
  std::int64_t committed_unix_us_{};
  int finished_since_commit_{};
  Statement insert_cycle_;
  Statement complete_cycle_;
  Statement insert_timeline_;
  Statement insert_finding_;
  Statement begin_;
  Statement commit_statement_;
};

}  // namespace rig::store
