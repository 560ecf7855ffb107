/* The system part of the product, as one context. It connects, runs the user application beside
 * that, and takes updates. Everything runs in one thread: whoever has to wait calls system_wait(),
 * which gives the application its turns and feeds the watchdog. */
#ifndef ELECTRON_SYSTEM_H
#define ELECTRON_SYSTEM_H

#include "core/board.h"
#include "core/dct.h"
#include "modem.h"
#include "session.h"
#include "updater.h"
#include "user_check.h"
#include "watchdog_policy.h"

struct system {
    bool safe_mode;
    enum reset_reason reset_reason;
    struct user_check user;
    struct apn_choice credentials; /* set by the application: the pointers alone, as device-os */
    uint32_t loop_ms;              /* when the application's loop is due */
    struct watchdog_policy watchdog;
    struct dct dct;
    struct modem modem;
    struct session session;
    struct updater updater;
};

/* The one context: calls of the user application come without it. */
extern struct system electron_system;

/* Decides about the user module and says so on the console; resets when the factory image is to be
 * restored. */
void system_boot(struct system *system);
/* Runs the application's setup(). */
void system_start_application(struct system *system);
/* Waits for bytes from the modem, at most until `deadline_ms`; may return early. */
void system_wait(uint32_t deadline_ms);

void system_report_online(const struct system *system);
/* Why the device is in safe mode, as an event. */
const char *system_safe_mode_event(const struct system *system);

#endif
