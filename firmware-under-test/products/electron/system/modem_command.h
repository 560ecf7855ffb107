/* How the parts of the modem driver talk to it. */
#ifndef ELECTRON_MODEM_COMMAND_H
#define ELECTRON_MODEM_COMMAND_H

#include "modem.h"

/* Final results that are waited for; timeouts of device-os v0.7.0. */
enum {
    MODEM_DEFAULT_MS = 10 * 1000,
    MODEM_PROBE_MS = 1000,
    MODEM_PROFILE_MS = 3 * 1000,
    MODEM_DNS_MS = 30 * 1000,
    MODEM_POWER_OFF_MS = 40 * 1000,
    MODEM_ACTIVATE_MS = 150 * 1000,
    MODEM_ATTACH_MS = 180 * 1000,
};

struct modem_call {
    const char *command; /* without CR LF; NULL: the one in modem->command */
    uint32_t timeout_ms; /* 0: MODEM_DEFAULT_MS */
    void (*line)(struct modem *modem, const struct at_item *item); /* every answer line, or NULL */
};

/* AT_OK, AT_ERROR, AT_ABORTED, AT_PROMPT, or AT_NOTHING when the time is up. */
enum at_kind modem_call(struct modem *modem, const struct modem_call *call);
/* Sends nothing, waits for the final result of what was sent before. */
enum at_kind modem_final(struct modem *modem, const struct modem_call *call);
/* OK within the default time. */
bool modem_ok(struct modem *modem, const char *command);

/* Commands put together in modem->command. */
struct text *modem_compose(struct modem *modem, const char *start);
void modem_add_quoted(struct text *command, const char *value);
void modem_add_ip(struct text *command, uint32_t ip);
bool modem_composed_ok(struct modem *modem, uint32_t timeout_ms);

void modem_pause(struct modem *modem, uint32_t milliseconds);
/* Forgets what has arrived. */
void modem_purge(struct modem *modem);

/* Parts of answers. The text behind `start` and blanks, or NULL when the line starts otherwise. */
const char *modem_after(const char *line, const char *start);
void modem_copy_digits(char *to, uint32_t capacity, const char *from);
/* What stands between the first two quotes of `from`; "" without them. */
void modem_copy_quoted(char *to, uint32_t capacity, const char *from);
/* The address in the first quotes, 0 when it is none. */
uint32_t modem_quoted_ip(const char *from);

#endif
