// Lets a settled block enter itself: what Engine::on_block() would do is translated into the block,
// at a third of what the call costs. Measured on a loop of five instructions, per block and on the
// machine of README.md: 2.7 ns with the call, 1 ns without.
//
// Unicorn 2.0.1 translates the call of a block hook with tcg_gen_callN_arm(), exported as all of
// its generator is. Defined here before it, it puts a comparison ahead, and the call where that
// fails:
//
//   ahead = pace.ahead; pace.ahead += size; pace.cost = size; pace.start = address
//   if (ahead >= pace.limit || settled.size_at(address) != size) call the hook
//
// Generated values do not outlive the branch, so the hook is handed a size of 0 and finds the
// block entered; it takes that back (BlockPace::leave()). Blocks outside flash ask as ever.
#include "simulator/unicorn_blocks.h"

#include <dlfcn.h>
#include <unicorn/unicorn.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "simulator/block_pace.h"
#include "simulator/settled_blocks.h"

static_assert(UC_API_MAJOR == 2 && UC_API_MINOR == 0 && UC_API_PATCH == 1,
              "check that the generator below still looks like this");

// Of the library (TCGContext, TCGTemp, ..); only handed through. A TCGv is the distance of its
// temporary from the context.
struct uc_engine_code;
struct TCGTemp;
struct TCGLabel;
struct CPUState;
struct TranslationBlock;
using TCGArg = std::uintptr_t;
using TCGv = std::uintptr_t;

extern "C" {
TCGLabel* gen_new_label_arm(uc_engine_code* context);
TCGTemp* tcg_temp_new_internal_arm(uc_engine_code* context, int type, bool local);
TCGv tcg_const_i32_arm(uc_engine_code* context, std::int32_t value);
TCGv tcg_const_i64_arm(uc_engine_code* context, std::int64_t value);
void tcg_gen_op1_arm(uc_engine_code* context, int op, TCGArg one);
void tcg_gen_op3_arm(uc_engine_code* context, int op, TCGArg one, TCGArg two, TCGArg three);
void tcg_gen_extu_i32_i64_arm(uc_engine_code* context, TCGv to, TCGv from);
void tcg_gen_setcond_i64_arm(uc_engine_code* context, int condition, TCGv to, TCGv left,
                             TCGv right);
void tcg_gen_brcondi_i64_arm(uc_engine_code* context, int condition, TCGv left, std::int64_t right,
                             TCGLabel* label);
// NOLINTNEXTLINE(readability-identifier-naming): the library's
void tcg_gen_callN_arm(uc_engine_code* context, void* function, TCGTemp* result, int count,
                       TCGTemp** arguments);
void gen_intermediate_code_arm(CPUState* cpu, TranslationBlock* block, int most);
}

namespace {

using rig::simulator::BlockPace;
using rig::simulator::BlockWatch;

// What functions that the library calls need to know, and are not told.
struct Translation {
  const BlockWatch* watch{};
  std::uint32_t block{};  // its address
};
thread_local Translation translation;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

// qemu/include/tcg/tcg-opc.h and tcg.h of Unicorn 2.0.1.
enum Op : int {
  set_label = 1,
  ld16u_i64 = 69,
  ld_i64 = 73,
  st32_i64 = 76,
  st_i64 = 77,
  add_i64 = 78,
  sub_i64 = 79,
  or_i64 = 88
};
enum Condition : int { kGreaterOrEqual = 3, kEqual = 8 };
constexpr int kI64 = 1;

template <typename Function>
Function from_library(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

using CallN = void (*)(uc_engine_code*, void*, TCGTemp*, int, TCGTemp**);
CallN library_call() {
  static const auto kFound = from_library<CallN>("tcg_gen_callN_arm");
  return kFound;
}

class Generator {
 public:
  explicit Generator(uc_engine_code* context) : context_(context) {}

  [[nodiscard]] TCGTemp* value() const { return tcg_temp_new_internal_arm(context_, kI64, false); }
  [[nodiscard]] TCGTemp* constant(const void* pointer) const {
    return temp(tcg_const_i64_arm(context_, reinterpret_cast<std::intptr_t>(pointer)));
  }
  [[nodiscard]] TCGTemp* constant(std::int64_t number) const {
    return temp(tcg_const_i64_arm(context_, number));
  }
  [[nodiscard]] TCGTemp* zero_i32() const { return temp(tcg_const_i32_arm(context_, 0)); }
  void widen(TCGTemp* to, TCGTemp* from) const {
    tcg_gen_extu_i32_i64_arm(context_, handle(to), handle(from));
  }
  void access(Op op, TCGTemp* what, TCGTemp* base, std::size_t offset) const {
    tcg_gen_op3_arm(context_, op, argument(what), argument(base), offset);
  }
  void combine(Op op, TCGTemp* to, TCGTemp* with) const {
    tcg_gen_op3_arm(context_, op, argument(to), argument(to), argument(with));
  }
  void compare(Condition condition, TCGTemp* to, TCGTemp* left, TCGTemp* right) const {
    tcg_gen_setcond_i64_arm(context_, condition, handle(to), handle(left), handle(right));
  }
  [[nodiscard]] TCGLabel* leap_if_zero(TCGTemp* what) const {
    TCGLabel* label = gen_new_label_arm(context_);
    tcg_gen_brcondi_i64_arm(context_, kEqual, handle(what), 0, label);
    return label;
  }
  void land(TCGLabel* label) const {
    *reinterpret_cast<std::uint16_t*>(label) |= 1;  // TCGLabel::present
    tcg_gen_op1_arm(context_, set_label, reinterpret_cast<TCGArg>(label));
  }

 private:
  static TCGArg argument(const TCGTemp* of) { return reinterpret_cast<TCGArg>(of); }
  [[nodiscard]] TCGv handle(const TCGTemp* of) const {
    return argument(of) - reinterpret_cast<std::uintptr_t>(context_);
  }
  [[nodiscard]] TCGTemp* temp(TCGv of) const {
    return reinterpret_cast<TCGTemp*>(reinterpret_cast<char*>(context_) + of);
  }

  uc_engine_code* context_;
};

// Zero where the block is settled and time goes on; the block has been entered.
TCGTemp* entered(const Generator& gen, const BlockWatch& of, TCGTemp* address_of_block,
                 TCGTemp* size_of_block) {
  using Counters = BlockPace::Counters;
  TCGTemp* pace = gen.constant(&of.pace->counters());
  TCGTemp* settled = gen.constant(of.settled->slot(translation.block));
  TCGTemp* size = gen.value();
  TCGTemp* ahead = gen.value();
  TCGTemp* limit = gen.value();
  TCGTemp* differs = gen.value();
  gen.widen(size, size_of_block);
  gen.access(ld_i64, ahead, pace, offsetof(Counters, ahead));
  gen.access(ld_i64, limit, pace, offsetof(Counters, limit));
  gen.access(ld16u_i64, differs, settled, 0);
  gen.compare(kGreaterOrEqual, limit, ahead, limit);
  gen.combine(sub_i64, differs, size);
  gen.combine(or_i64, differs, limit);
  gen.combine(add_i64, ahead, size);
  gen.access(st_i64, ahead, pace, offsetof(Counters, ahead));
  gen.access(st_i64, size, pace, offsetof(Counters, cost));
  gen.access(st32_i64, address_of_block, pace, offsetof(Counters, start));
  return differs;
}

}  // namespace

void gen_intermediate_code_arm(CPUState* cpu, TranslationBlock* block, int most) {
  using Generate = void (*)(CPUState*, TranslationBlock*, int);
  static const auto kLibrary = from_library<Generate>("gen_intermediate_code_arm");
  translation.block = *reinterpret_cast<const std::uint32_t*>(block);  // TranslationBlock::pc
  kLibrary(cpu, block, most);
}

// The arguments of a block hook: Unicorn, address, size, user data.
void tcg_gen_callN_arm(uc_engine_code* context, void* function, TCGTemp* result, int count,
                       TCGTemp** arguments) {
  const bool inlined = translation.watch != nullptr && function == translation.watch->callback &&
                       count == 4 && translation.watch->settled->slot(translation.block) != nullptr;
  if (!inlined) {
    library_call()(context, function, result, count, arguments);
    return;
  }
  const Generator gen(context);
  TCGLabel* over = gen.leap_if_zero(entered(gen, *translation.watch, arguments[1], arguments[2]));
  std::array<TCGTemp*, 4> again{gen.constant(translation.watch->unicorn),
                                gen.constant(std::int64_t{translation.block}), gen.zero_i32(),
                                gen.constant(translation.watch->data)};
  library_call()(context, function, result, count, again.data());
  gen.land(over);
}

namespace rig::simulator {

void enter_blocks_inline(const BlockWatch* watch) {
  translation.watch = blocks_can_be_inline() ? watch : nullptr;
}

bool blocks_can_be_inline() {
  constexpr unsigned kVersion = UC_API_MAJOR << 16 | UC_API_MINOR << 8 | UC_API_PATCH;
  static const bool kKnown =
      sizeof(void*) == sizeof(std::int64_t) && uc_version(nullptr, nullptr) >> 8 == kVersion;
  return kKnown;
}

}  // namespace rig::simulator
