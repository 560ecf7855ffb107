// Hand-written timelines for tests of the judge: one call per thing that happens, a second apart.
#pragma once

#include <functional>
#include <string>

#include "record/contract.h"
#include "record/event.h"
#include "record/vocabulary.h"

namespace rig::record::test {

inline const char* const kApn = "iot.example.net";
inline const char* const kCutText = "flash-op=42.during:torn=old:cut=board+modem:off=2000ms";

class Story {
 public:
  Story& wait(base::Duration length) {
    now_ += length;
    return *this;
  }
  Story& add(Lane lane, EventKind kind, std::string text = {}, std::uint64_t value = 0) {
    timeline_.push_back({now_, lane, kind, 0, value, std::move(text)});
    return wait(std::chrono::seconds(1));
  }
  // A console line and what the profile makes of it, at the same instant.
  Story& sees(const std::string& observation) {
    timeline_.push_back({now_, Lane::console, EventKind::line, 0, 0, observation});
    return add(Lane::device, EventKind::observed, observation);
  }
  Story& power(EventKind kind, const std::string& domains = "board+modem") {
    return add(Lane::power, kind, domains);
  }
  Story& attached(const std::string& apn = kApn) {
    return add(Lane::modem, EventKind::state, "attached apn=" + apn);
  }
  Story& boots(const std::string& reset = "power_down") {
    add(Lane::cpu, EventKind::reset, "power");
    return sees("boot ver=0.7.0 reset=" + reset + " retry=0 phase=rebooting");
  }
  Story& runs(const std::string& user, const std::string& system, const std::string& state = "ok",
              const std::string& store = "none") {
    const bool safe = state != "ok";
    return sees("system ver=" + system + " mode=" + (safe ? "safe" : "normal") + " user=" + user +
                " user_state=" + state + " apn_store=" + store +
                (safe ? " phase=safe-mode" : " phase=testing"));
  }
  Story& online(const std::string& user, const std::string& system,
                const std::string& mode = "normal") {
    return sees("online mode=" + mode + " user=" + user + " system=" + system + " bootloader=700" +
                (mode == "safe" ? " phase=safe-mode" : " phase=confirmed"));
  }
  Story& comes_online(const std::string& user, const std::string& system) {
    return runs(user, system).attached().online(user, system);
  }
  Story& begins(const std::string& module, const std::string& version) {
    return sees("update-begin module=" + module + " ver=" + version + " phase=downloading");
  }
  Story& copies(const std::string& module, const std::string& version) {
    return sees("copy module=" + module + " ver=" + version + " phase=applying");
  }
  Story& copied(const std::string& module) {
    return sees("copied module=" + module + " result=ok phase=rebooting");
  }

  // Provisioned with user application 1 on system 604, online, update to 2 on 700 offered.
  Story& baseline() {
    add(Lane::rig, EventKind::cycle_begin, "electron/test", 7);
    power(EventKind::on).boots().comes_online("1", "604");
    add(Lane::rig, EventKind::update_offered, "user=2 system=700", 1);
    return *this;
  }
  Story& armed() { return add(Lane::rig, EventKind::cut_armed, "flash-op"); }
  Story& cut(const std::string& phase = "applying", const std::string& domains = "board+modem") {
    timeline_.push_back({now_, Lane::power, EventKind::off, 0, 0, domains});
    return add(Lane::rig, EventKind::cut_landed,
               "phase=" + phase + " plan=" + std::string(kCutText), 42);
  }
  Story& back(const std::string& domains = "board+modem") {
    wait(std::chrono::seconds(2));
    return power(EventKind::on, domains).boots();
  }
  // Three clean reboots, the second update, the end.
  Story& follow_up(const std::string& user = "2", const std::string& system = "700") {
    for (std::uint64_t i = 1; i <= 3; ++i) {
      add(Lane::rig, EventKind::clean_reboot, "", i);
      power(EventKind::off).power(EventKind::on).boots().comes_online(user, system);
    }
    add(Lane::rig, EventKind::update_offered, "user=3", 2);
    begins("user", "3").boots("update").copies("user", "3").copied("user");
    return comes_online("3", "700").end();
  }
  Story& deadline(std::string_view name) {
    return wait(std::chrono::minutes(5)).add(Lane::rig, EventKind::deadline, std::string(name));
  }
  Story& end() { return add(Lane::rig, EventKind::cycle_end); }

  [[nodiscard]] const Timeline& timeline() const { return timeline_; }
  [[nodiscard]] Timeline without(const std::function<bool(const Event&)>& unwanted) const {
    Timeline rest;
    for (const Event& event : timeline_) {
      if (!unwanted(event)) {
        rest.push_back(event);
      }
    }
    return rest;
  }

 private:
  Timeline timeline_;
  base::Instant now_{};
};

inline Contract contract() {
  Contract contract;
  contract.user_app.any = {1, 2};
  contract.user_app.by_phase["applying"] = {2};
  contract.apn = kApn;
  contract.start.user = 1;
  contract.start.system = 604;
  contract.target.user = 2;
  contract.target.system = 700;
  contract.second_user = 3;
  contract.cut = Domains{true, true};
  return contract;
}

inline Contract control_contract() {
  Contract control = contract();
  control.cut.reset();
  return control;
}

}  // namespace rig::record::test
