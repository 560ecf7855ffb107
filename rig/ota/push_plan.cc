#include "ota/push_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace rig::ota {

namespace {

class Planner {
 public:
  explicit Planner(const PushQuestion& question) : ask_(question) {}

  PushPlan plan() {
    if (ask_.mode == DeviceMode::safe) {
      plan_safe_mode();
    } else {
      plan_target();
    }
    return std::move(plan_);
  }

 private:
  void plan_safe_mode() {
    if (!ask_.healing) {
      note("safe mode, and healing is off");
      return;
    }
    for (const DescribedModule& module : ask_.describe.modules) {
      for (const Requirement& needed : module.needs) heal(needed, module);
    }
    restore_user();
    plan_target();
  }

  void plan_target() {
    for (const auto function :
         {ModuleFunction::user, ModuleFunction::system, ModuleFunction::bootloader}) {
      const auto version = wanted(ask_.target, function);
      if (!version || ask_.describe.has(function, *version)) continue;
      if (const CatalogueEntry* entry = find(function, *version)) push_wanted(*entry);
    }
  }

  void heal(const Requirement& needed, const DescribedModule& because) {
    if (ask_.describe.meets(needed)) return;
    const CatalogueEntry* entry = meeting(needed);
    if (entry == nullptr) return;
    const CatalogueEntry* first = prerequisite_of(*entry);
    push(*first, fmt::format("{} because {} {} needs it", module_text(*first),
                             name_of(because.function), because.version));
  }

  // In safe mode a user module that is missing or corrupt comes back: the wanted version, or
  // without a wish the one that the device says is damaged.
  void restore_user() {
    const DescribedModule* user = ask_.describe.module(ModuleFunction::user);
    if (user != nullptr && user->intact()) return;
    auto version = ask_.target.user;
    if (!version && user != nullptr) version = user->version;
    if (!version) {
      note("the user module is missing, and no version is wanted");
      return;
    }
    const CatalogueEntry* entry = find(ModuleFunction::user, *version);
    if (entry == nullptr) return;
    const CatalogueEntry* first = prerequisite_of(*entry);
    std::string why = user == nullptr ? "it is missing" : "it is corrupt";
    if (first != entry) why = fmt::format("user {} needs it", *version);
    push(*first, fmt::format("{} because {}", module_text(*first), why));
  }

  // The user application goes first even when what it needs is not there yet (as Particle does:
  // the device ends in safe mode and is healed). Anything else waits for what it needs.
  void push_wanted(const CatalogueEntry& entry) {
    if (entry.function == ModuleFunction::user) {
      push(entry, {});
    } else if (!starves_user(entry)) {
      push(*prerequisite_of(entry), {});
    }
  }

  // An older system than the user module needs would only be healed away again, for ever.
  bool starves_user(const CatalogueEntry& entry) {
    const DescribedModule* user = ask_.describe.module(ModuleFunction::user);
    if (user == nullptr || !user->intact()) return false;
    for (const Requirement& needed : user->needs) {
      if (needed.function != entry.function || entry.version >= needed.version) continue;
      note(fmt::format("{} is not sent: user {} needs {}", module_text(entry), user->version,
                       needed.version));
      return true;
    }
    return false;
  }

  // The module itself, or the first one in its chain of needs that the device lacks.
  const CatalogueEntry* prerequisite_of(const CatalogueEntry& entry) {
    const CatalogueEntry* first = &entry;
    // Three functions: a longer chain would be a circle.
    for (int depth = 0; depth < 3; ++depth) {
      const CatalogueEntry* before = lacking(*first);
      if (before == nullptr) break;
      first = before;
    }
    return first;
  }

  const CatalogueEntry* lacking(const CatalogueEntry& entry) {
    for (const Requirement& needed : requirements_of(entry)) {
      if (!ask_.describe.meets(needed)) return meeting(needed);
    }
    return nullptr;
  }

  const CatalogueEntry* find(ModuleFunction function, std::uint16_t version) {
    const CatalogueEntry* entry = entry_of(ask_.catalogue, function, version);
    if (entry == nullptr) {
      note(fmt::format("module={} ver={} is not in the catalogue", name_of(function), version));
    }
    return entry;
  }

  // The wanted version when it is good enough, else the lowest that is.
  const CatalogueEntry* meeting(const Requirement& needed) {
    const auto version = wanted(ask_.target, needed.function);
    if (version && *version >= needed.version) {
      if (const CatalogueEntry* entry = entry_of(ask_.catalogue, needed.function, *version)) {
        return entry;
      }
    }
    const CatalogueEntry* lowest = lowest_meeting(ask_.catalogue, needed);
    if (lowest == nullptr) {
      note(fmt::format("no {} {} or later in the catalogue", name_of(needed.function),
                       needed.version));
    }
    return lowest;
  }

  void push(const CatalogueEntry& entry, std::string healing) {
    if (plan_.next) return;
    const auto count = ask_.offered.find({entry.function, entry.version});
    if (ask_.offers != 0 && count != ask_.offered.end() && count->second >= ask_.offers) {
      note(fmt::format("{} was offered {} times: no more", module_text(entry), count->second));
      return;
    }
    plan_.next = Push{.entry = &entry, .healing = std::move(healing)};
  }

  void note(std::string text) {
    const auto& notes = plan_.notes;
    if (std::find(notes.begin(), notes.end(), text) == notes.end()) {
      plan_.notes.push_back(std::move(text));
    }
  }

  const PushQuestion& ask_;
  PushPlan plan_;
};

}  // namespace

std::optional<std::uint16_t> wanted(const Target& target, ModuleFunction function) {
  switch (function) {
    case ModuleFunction::bootloader:
      return target.bootloader;
    case ModuleFunction::system:
      return target.system;
    case ModuleFunction::user:
      return target.user;
  }
  return std::nullopt;
}

PushPlan plan_push(const PushQuestion& question) { return Planner(question).plan(); }

bool target_reached(const Target& target, const Describe& describe) {
  bool any = false;
  for (const auto function :
       {ModuleFunction::user, ModuleFunction::system, ModuleFunction::bootloader}) {
    const auto version = wanted(target, function);
    if (version && !describe.has(function, *version)) return false;
    any = any || version.has_value();
  }
  return any;
}

}  // namespace rig::ota
