// Whether an object is still there after it called somebody who may destroy it.
#pragma once

#include <utility>

namespace rig::probe {

class Survival {
 public:
  Survival() = default;
  ~Survival() {
    if (gone_ != nullptr) *gone_ = true;
  }
  Survival(const Survival&) = delete;
  Survival& operator=(const Survival&) = delete;

  // False: the owner is gone, and nothing of it may be touched any more.
  template <class Call>
  [[nodiscard]] bool outlives(Call&& call) {
    bool gone = false;
    const Scope scope{*this, gone};
    std::forward<Call>(call)();
    return !gone;
  }

 private:
  // Calls nest: the flag of the outer one is told by the inner one.
  struct Scope {
    Scope(Survival& of, bool& flag) : owner(of), gone(flag), outer(of.gone_) { of.gone_ = &flag; }
    ~Scope() {
      if (!gone) {
        owner.gone_ = outer;
      } else if (outer != nullptr) {
        *outer = true;
      }
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    Survival& owner;
    bool& gone;
    bool* outer;
  };

  bool* gone_{nullptr};
};

}  // namespace rig::probe
