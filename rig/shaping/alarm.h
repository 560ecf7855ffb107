// How early a thread has to be awake to do something on time, learnt from how late it was. Pure: it
// is told what sleeping and looking around have cost, and keeps no clock.
//
// A thread that has a departure ahead sleeps, then looks around (packets, orders) without sleeping,
// and at last looks at the clock alone. Each is over as much earlier as it was late lately, twice
// over; so on a machine that wakes its threads on time it costs 150 us of a processor per packet,
// and on any at most a tenth of the time between two packets beyond that.
#pragma once

#include "base/time.h"

namespace rig::shaping {

class Alarm {
 public:
  // Of a departure that lies so far ahead: how much before it to stop sleeping.
  [[nodiscard]] base::Duration before(base::Duration ahead) const;
  // And how much before it to stop looking around.
  [[nodiscard]] base::Duration just_before() const;

  void slept_beyond(base::Duration late) { waking_.saw(late); }
  void looked_around_for(base::Duration length) { looking_.saw(length); }

 private:
  // The worst of late; it fades in some hundred.
  class Worst {
   public:
    void saw(base::Duration size);
    [[nodiscard]] base::Duration size() const { return size_; }

   private:
    base::Duration size_{};
  };
  Worst waking_;
  Worst looking_;
};

}  // namespace rig::shaping
