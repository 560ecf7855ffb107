#include "cli/running.h"

#include "cli/packet_file.h"
#include "cli/recorder.h"

namespace rig::cli {

RunReport run_cycle(store::Store& store, const board::SimBench& bench, const RunOptions& options) {
  Recorder recorder(store, bench, options.seed, options.batch);
  RunReport report{.campaign = recorder.campaign(),
                   .plan = record::to_text(bench.plan_id(options.cut, options.seed)),
                   .single = {}};
  recorder.begin(0, report.plan, options.cut ? store::CycleKind::cut : store::CycleKind::run);
  report.single = explore::run_single(
      bench, options.cut, options.seed,
      options.pcap.empty() ? explore::Packets::counted : explore::Packets::kept);
  std::exception_ptr unwritten;
  if (!options.pcap.empty()) {
    const auto verdict = record::name_of(report.single.outcome.judgement.verdict);
    unwritten = write_packets(options.pcap, *report.single.packets,
                              {.plan = report.plan, .verdict = std::string(verdict)},
                              report.single.timeline);
  }
  recorder.finished({.index = 0,
                     .outcome = report.single.outcome,
                     .timeline = store::pack(report.single.timeline)});
  recorder.finish(store::CampaignState::finished);
  if (unwritten) std::rethrow_exception(unwritten);
  return report;
}

}  // namespace rig::cli
