#include "updater.h"

#include "core/board.h"
#include "core/boot_flags.h"
#include "core/console.h"
#include "products/electron/layout.h"
#include "system.h"
#include "update_apply.h"
#include "watchdog_policy.h"

enum {
    PROGRESS_CHUNKS = 32,
    RESET_AFTER_ACK_MS = 1000,
    RESET_WITHOUT_ACK_MS = 5000,
};

static const struct update_area scratch = {SCRATCH_START, SCRATCH_SIZE};

static void report_abandoned(const char *reason)
{
    struct console_line line = console_line("update");
    console_word(&line, "abandoned");
    console_text(&line, "reason", reason);
    console_send(&line);
}

static enum cloud_answer take_offer(struct updater *updater, const struct cloud_begin *offer)
{
    if (updater->state == UPDATER_LEAVING || !update_receiver_accepts(offer, &scratch)) {
        return CLOUD_REFUSED;
    }
    if (updater->state == UPDATER_RECEIVING) {
        report_abandoned("cancelled");
    }
    updater->offer = *offer;
    updater->state = UPDATER_OFFERED;
    return CLOUD_ACCEPTED;
}

static void report_progress(const struct update_receiver *receiver)
{
    if (receiver->received % PROGRESS_CHUNKS != 0) {
        return;
    }
    struct console_line line = console_line("update");
    console_word(&line, "progress");
    console_number(&line, "chunk", receiver->received);
    console_number(&line, "of", receiver->chunks);
    console_send(&line);
}

static void take_chunk(struct updater *updater, const struct cloud_chunk *chunk)
{
    if (updater->state == UPDATER_RECEIVING &&
        update_receiver_chunk(&updater->receiver, chunk, board_millis()) == UPDATE_STORED) {
        report_progress(&updater->receiver);
    }
}

enum cloud_answer updater_take(struct system *system, const struct cloud_message *message)
{
    struct updater *updater = &system->updater;
    struct cloud_begin offer;
    struct cloud_chunk chunk;
    switch (message->code) {
    case CLOUD_BEGIN:
        return cloud_decode_begin(message, &offer) ? take_offer(updater, &offer) : CLOUD_REFUSED;
    case CLOUD_CHUNK:
        if (cloud_decode_chunk(message, &chunk)) {
            take_chunk(updater, &chunk);
        }
        return CLOUD_ACCEPTED;
    case CLOUD_DONE:
        if (updater->state == UPDATER_RECEIVING) {
            update_receiver_sent(&updater->receiver, board_millis());
        }
        return CLOUD_ACCEPTED;
    default:
        return CLOUD_REFUSED;
    }
}

static void report_begin(const struct update_receiver *receiver)
{
    struct console_line line = console_line("update");
    console_word(&line, "begin");
    console_text(&line, "module", update_module_name(receiver->destination));
    console_number(&line, "len", receiver->length);
    console_number(&line, "chunks", receiver->chunks);
    console_send(&line);
}

void updater_start_offered(struct system *system)
{
    struct updater *updater = &system->updater;
    if (updater->state != UPDATER_OFFERED) {
        return;
    }
    update_receiver_prepare(&updater->receiver, &updater->offer, &scratch);
    report_begin(&updater->receiver);
    boot_set_ota(OTA_STARTED);
    board_watchdog_feed();
    int error = update_receiver_erase(&updater->receiver);
    board_watchdog_feed();
    if (error != BOARD_OK) {
        report_abandoned("cancelled");
        updater->state = UPDATER_IDLE;
        return;
    }
    update_receiver_touch(&updater->receiver, board_millis());
    updater->flags = updater->offer.flags;
    updater->state = UPDATER_RECEIVING;
    session_want(&system->session, WANT_READY);
}

static void leave(enum reset_reason reason)
{
    struct console_line line = console_line("resetting");
    console_text(&line, "reason", reset_reason_name(reason));
    console_send(&line);
    if (reason == RESET_UPDATE) {
        watchdog_policy_before_update();
    }
    boot_reset(reason);
}

static void finish(struct system *system, uint32_t now)
{
    struct updater *updater = &system->updater;
    struct console_line line = console_line("update");
    console_word(&line, "complete");
    console_text(&line, "module", update_module_name(updater->receiver.destination));
    console_send(&line);
    updater->result = (uint8_t)update_apply(&system->dct, &updater->receiver);
    if (updater->result == CLOUD_RESULT_OK) {
        boot_set_ota(OTA_DONE);
    }
    updater->state = UPDATER_LEAVING;
    updater->reset_ms = now + RESET_WITHOUT_ACK_MS;
    session_drop(&system->session, WANT_MISSING);
    session_want(&system->session, WANT_RESULT);
    session_want(&system->session, WANT_UPDATE_EVENT);
}

static void step_transfer(struct system *system, uint32_t now)
{
    struct update_receiver *receiver = &system->updater.receiver;
    if (update_receiver_complete(receiver) && receiver->sent) {
        finish(system, board_millis());
    } else if (update_receiver_timed_out(receiver, now)) {
        report_abandoned("timeout");
        leave(RESET_UPDATE_TIMEOUT);
    } else if (update_receiver_should_ask(receiver, now) &&
               !session_is_saying(&system->session, WANT_MISSING)) {
        session_want(&system->session, WANT_MISSING);
    }
}

void updater_step(struct system *system, uint32_t now)
{
    struct updater *updater = &system->updater;
    if (updater->state == UPDATER_RECEIVING) {
        step_transfer(system, now);
    } else if (updater->state == UPDATER_LEAVING && (int32_t)(now - updater->reset_ms) >= 0) {
        leave(RESET_UPDATE);
    }
}

void updater_result_acknowledged(struct updater *updater, uint32_t now)
{
    updater->reset_ms = now + RESET_AFTER_ACK_MS;
}

void updater_event_acknowledged(struct updater *updater, uint32_t now)
{
    updater->reset_ms = now;
}

void updater_session_lost(struct system *system)
{
    struct updater *updater = &system->updater;
    if (updater->state == UPDATER_LEAVING) {
        leave(RESET_UPDATE);
    }
    if (updater->state != UPDATER_IDLE) {
        report_abandoned("cancelled");
        updater->state = UPDATER_IDLE;
    }
}

bool updater_is_busy(const struct updater *updater)
{
    return updater->state != UPDATER_IDLE;
}

uint32_t updater_deadline(const struct updater *updater)
{
    return updater->state == UPDATER_RECEIVING ? update_receiver_deadline(&updater->receiver)
                                               : updater->reset_ms;
}

uint32_t updater_last_deadline(const struct updater *updater)
{
    return updater->state == UPDATER_RECEIVING ? updater->receiver.chunk_ms + UPDATE_GIVE_UP_MS
                                               : updater->reset_ms;
}

const char *updater_event(const struct updater *updater)
{
    return updater->result == CLOUD_RESULT_OK ? "fw-update=success" : "fw-update=failed";
}
