// One socket of a USB hub, switched by requests to the hub: for hosts whose kernel lacks the
// `disable` attribute (power/sysfs_port.h, which is better: the kernel then knows).
//
// A dual-speed socket has two halves, one in each hub; both are switched. The hub's word on VBUS
// is not proof: many hubs report off and keep the power on.
#pragma once

#include <utility>
#include <vector>

#include "power/clock.h"
#include "power/hub_request.h"
#include "power/switch_error.h"

namespace rig::power {

template <UsbControl Device>
class HubPort final : public PowerSwitch {
 public:
  struct Half {
    Device hub;
    HubSpeed speed{HubSpeed::usb2};
    Channel port;
  };

  // One or two halves. SwitchError(wrong_device) for a hub that switches its ports all together or
  // not at all, base::UsageError for a port that it does not have.
  HubPort(std::vector<Half> halves, std::string name, Moment deadline)
      : halves_(std::move(halves)), traits_{.name = std::move(name), .reads_back = true} {
    for (Half& half : halves_) check_abilities(half, deadline);
  }

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }

  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override {
    check_channel(traits_, channel);
    const Moment begin = now();
    for (Half& half : halves_) half.hub.send(hub_port_power(half.port, level), {}, deadline);
    return {.not_before = begin, .not_after = now()};
  }

  // On while any half is.
  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override {
    Levels levels;
    for (Half& half : halves_) {
      if (power_of(half, deadline) == Level::on) levels.put(Channel{1}, Level::on);
    }
    return levels;
  }

 private:
  void check_abilities(Half& half, Moment deadline) {
    const auto abilities =
        decode_hub_descriptor(half.hub.ask(hub_descriptor(half.speed), deadline));
    if (!abilities) throw SwitchError(Fault::garbled, "read the descriptor of " + traits_.name);
    if (!abilities->switches_each_port) {
      throw SwitchError(Fault::wrong_device, "use " + traits_.name,
                        "this hub does not switch its ports one by one");
    }
    check_channel({.name = traits_.name, .channels = abilities->ports}, half.port);
  }

  [[nodiscard]] Level power_of(Half& half, Moment deadline) {
    const base::Bytes status = half.hub.ask(hub_port_status(half.port), deadline);
    const auto level = decode_port_power(status, half.speed);
    if (!level) throw SwitchError(Fault::garbled, "read the port status of " + traits_.name);
    return *level;
  }

  std::vector<Half> halves_;
  SwitchTraits traits_;
};

}  // namespace rig::power
