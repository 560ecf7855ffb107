#include "explore/cut_images.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rig_error.h"
#include "simulator/engine.h"

namespace rig::explore {
namespace {

constexpr std::size_t kWordsShown = 8;

// Remembers the bytes of the latest operation as they were before it.
class LatestOperation final : public simulator::FlashOpObserver {
 public:
  void at(const simulator::FlashOp& op, const simulator::World& world) override {
    operation = op;
    const base::ByteView bytes =
        world.flash().subspan(op.address - world.mcu().about().flash.range.start, op.bytes);
    before.assign(bytes.begin(), bytes.end());
  }
  simulator::FlashOp operation;
  base::Bytes before;
};

base::Bytes flash_of(const board::SimCycle& cycle) {
  const base::ByteView flash = cycle.world().flash();
  return {flash.begin(), flash.end()};
}

std::size_t landed_cuts(const record::Timeline& timeline) {
  return static_cast<std::size_t>(std::count_if(
      timeline.begin(), timeline.end(),
      [](const record::Event& event) { return event.kind == record::EventKind::cut_landed; }));
}

std::string words_of(const base::Bytes& flash, std::size_t offset, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < std::min(bytes / 4, kWordsShown); ++i) {
    text += fmt::format(" {:08x}", base::read_le32(flash, offset + 4 * i));
  }
  return bytes / 4 > kWordsShown ? text + " .." : text;
}

std::string operation_text(const CutImages& images) {
  const simulator::FlashOp& op = images.operation;
  const std::size_t offset = (op.address - images.base) & ~std::size_t{3};
  const std::size_t bytes = std::max<std::size_t>(op.bytes, 4);
  return fmt::format("{} 0x{:08x}, {} bytes{}\n  before:{}\n  after: {}\n",
                     op.erase ? "erase" : "program", op.address, op.bytes,
                     op.erase ? "" : fmt::format(", value {:0{}x}", op.value, 2 * op.bytes),
                     words_of(images.before, offset, bytes), words_of(images.after, offset, bytes));
}

}  // namespace

CutImages images_at_cut(const board::SimBench& bench, const record::CutPlan& cut,
                        std::uint64_t seed) {
  simulator::Engine engine;
  board::SimCycle cycle = bench.cycle(cut, seed);
  CutImages images{.base = cycle.world().mcu().about().flash.range.start,
                   .start = flash_of(cycle),
                   .before = {},
                   .after = {},
                   .operation = {}};
  LatestOperation latest;
  cycle.observe_update(&latest);
  const std::size_t cuts = 1 + cut.then.size();
  while (!cycle.finished() && landed_cuts(cycle.timeline()) < cuts) cycle.step(engine);
  if (landed_cuts(cycle.timeline()) < cuts) {
    throw base::RigError(std::make_error_code(std::errc::state_not_recoverable),
                         "find the flash at the cut: the cut never landed");
  }
  images.after = images.before = flash_of(cycle);
  if (cycle.landed_cut().operation.index == 0) return images;
  images.operation = latest.operation;
  std::copy(latest.before.begin(), latest.before.end(),
            images.before.begin() + (latest.operation.address - images.base));
  return images;
}

std::string to_text(const CutImages& images) {
  std::string text =
      images.operation.index == 0 ? "no operation in flight\n" : operation_text(images);
  text += "differs from the start in:\n";
  constexpr std::size_t kGap = 64;  // stretches so close are one
  const std::size_t size = images.after.size();
  const auto differs = [&](std::size_t at) { return images.after[at] != images.start[at]; };
  for (std::size_t at = 0; at < size; ++at) {
    if (!differs(at)) continue;
    const std::size_t first = at;
    std::size_t last = at;
    std::size_t count = 0;
    for (; at < size && at - last <= kGap; ++at) {
      if (!differs(at)) continue;
      last = at;
      ++count;
    }
    text += fmt::format("  0x{:08x} to 0x{:08x}: {} of {} bytes\n", images.base + first,
                        images.base + last, count, last - first + 1);
  }
  return text;
}

}  // namespace rig::explore
