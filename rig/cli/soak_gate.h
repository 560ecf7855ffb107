// A night that runs for a policy: when it may end, and what the gate says behind it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "campaign/soak.h"
#include "gate/early_end.h"
#include "gate/policy.h"

namespace rig::cli {

struct SoakOptions;
struct NightParts;

class NightGate {
 public:
  // What earlier controllers of the night booked is counted. `store` must outlive it.
  NightGate(store::Store& store, gate::Policy policy, std::string batch);

  void booked(const campaign::Booked& cycle);
  // The night may end. Asks the gate when the policy's sequential test says that it is time to.
  [[nodiscard]] bool known();
  // About this night alone.
  [[nodiscard]] gate::Decision decision();
  // How the sequential test stands; empty when the policy has none.
  [[nodiscard]] std::string standing() const;

 private:
  [[nodiscard]] bool is_about(const std::string& scenario) const;
  void count_earlier();

  store::Store& store_;
  gate::Policy policy_;
  std::string batch_;
  std::optional<gate::EarlyEnd> early_;
};

// Reads the file into the options, which keep it for whoever goes on with the night.
void take_policy(SoakOptions& options, const std::string& file);
// None when the night has no policy. Throws base::UsageError when the policy cannot be read, or is
// about a scenario that this night does not run: it would never be accepted.
[[nodiscard]] std::optional<gate::Policy> policy_of(const SoakOptions& options,
                                                    const NightParts& parts);

}  // namespace rig::cli
