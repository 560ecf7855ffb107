// What a switch is told, and what came of it: the values that go to a worker and come back.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "power/switch_error.h"
#include "power/verify.h"

namespace rig::power {

// Called on the worker's thread; may throw what a driver's constructor throws.
using OpenSwitch = std::function<std::unique_ptr<PowerSwitch>(Moment deadline)>;

struct SetOrder {
  Change change;
  bool verify{true};  // read back behind it, where the hardware can
};
struct ReadOrder {};
// Anything else that a concrete driver can do, such as playing a voltage profile. It is called on
// the worker's thread with the switch that OpenSwitch made.
struct CallOrder {
  std::function<Switched(PowerSwitch&, Moment deadline)> call;
};

struct Order {
  std::variant<SetOrder, ReadOrder, CallOrder> what;
  Moment deadline{};
};

// Why an order was not carried out: a rig fault, or (without `fault`) an order that no such switch
// can carry out.
struct Failure {
  std::optional<Fault> fault;
  std::string what;
  bool may_have_switched{true};
};

struct SwitchResult {
  // Until when nothing can have happened, and from when on nothing more will; of a failure too.
  Moment not_before{};
  Moment not_after{};
  std::variant<Switched, std::optional<Levels>, Failure> what;

  [[nodiscard]] const Failure* failure() const { return std::get_if<Failure>(&what); }
};

}  // namespace rig::power
