/* The device's side of an update: from the offer to the reset that applies it. User and system
 * modules are left to the bootloader by way of a slot of the DCT; a bootloader is copied over the
 * running one at once, as flash_bootloader() of device-os does, and a loss of power during that is
 * fatal. Whatever the result, the device restarts. */
#ifndef ELECTRON_UPDATER_H
#define ELECTRON_UPDATER_H

#include "core/update_receiver.h"

struct system;

enum updater_state {
    UPDATER_IDLE,
    UPDATER_OFFERED, /* accepted, not yet begun: the ACK goes out first */
    UPDATER_RECEIVING,
    UPDATER_LEAVING, /* the result is being told, then comes the reset */
};

struct updater {
    enum updater_state state;
    struct update_receiver receiver;
    struct cloud_begin offer;
    uint8_t flags;
    uint8_t result; /* enum cloud_result */
    uint32_t reset_ms;
};

/* A request of the server. */
enum cloud_answer updater_take(struct system *system, const struct cloud_message *message);
/* Begins what was accepted: stalls for the erase of the scratch area. */
void updater_start_offered(struct system *system);
/* Whatever is due: requests for missing chunks, the end of the transfer, the reset. */
void updater_step(struct system *system, uint32_t now);
void updater_result_acknowledged(struct updater *updater, uint32_t now);
void updater_event_acknowledged(struct updater *updater, uint32_t now);
/* A transfer does not outlive its session. */
void updater_session_lost(struct system *system);

bool updater_is_busy(const struct updater *updater);
/* When updater_step() has something to do next; only while busy. */
uint32_t updater_deadline(const struct updater *updater);
/* When the transfer is given up or the reset comes, whatever is said until then. */
uint32_t updater_last_deadline(const struct updater *updater);
/* "fw-update=success" or "fw-update=failed". */
const char *updater_event(const struct updater *updater);

#endif
