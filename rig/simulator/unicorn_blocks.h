// See unicorn_blocks.cc.
#pragma once

struct uc_struct;

namespace rig::simulator {

class BlockPace;
class SettledBlocks;

// Whose blocks they are. Lives as long as what was translated with it.
struct BlockWatch {
  // Of UC_HOOK_BLOCK, as it was added. It is told a size of 0 where the block is entered already.
  void* callback{};
  uc_struct* unicorn{};
  void* data{};
  BlockPace* pace{};
  const SettledBlocks* settled{};
};

// Blocks that Unicorn translates on this thread from here on enter themselves; null: they ask.
void enter_blocks_inline(const BlockWatch* watch);

// Whether Unicorn is the one whose insides are known here; blocks always ask where it is not.
[[nodiscard]] bool blocks_can_be_inline();

}  // namespace rig::simulator
