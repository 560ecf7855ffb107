/* The line between system and user application: two tables at fixed places.
 *
 * Behind the prefix of the system stands struct system_api, the calls that a user application may
 * make. Behind the prefix of the user application stands struct user_entry, the calls that the
 * system makes. Both only grow at the end. */
#ifndef ELECTRON_SYSTEM_API_H
#define ELECTRON_SYSTEM_API_H

#include <stdbool.h>
#include <stdint.h>

#include "core/board.h"
#include "layout.h"

struct system_api {
    uint16_t version; /* module version of the system */
    uint16_t size;    /* bytes of this table: how much of it the system knows */
    uint32_t (*millis)(void);
    void (*led)(enum board_led colour);
    /* Raw console bytes; whole lines, please. */
    void (*console_write)(const char *text, uint32_t length);
    /* Credentials of the next connection. Only the pointers are kept, as device-os does: the texts
     * must stay, and the setting is gone with the next reset. Takes effect when called from
     * setup(), before the modem connects. NULL or "" = none. */
    void (*set_credentials)(const char *apn, const char *user, const char *password);
    /* Interval of the pings that keep the path through the network's address translation open.
     * Every connection starts with the default of 23 minutes, so it is set when online. */
    void (*keep_alive)(uint32_t seconds);
    bool (*online)(void);
    /* An event for the server: false when it cannot be sent now. */
    bool (*publish)(const char *name, const char *data);
    /* One pulse on the input of the external watchdog. */
    void (*external_watchdog_kick)(void);
};

/* From the linker script of applications, which have no board_flash_at(): the table of the system
 * where it can be read. */
extern const struct system_api link_system_api;
#define SYSTEM_API (&link_system_api)

struct user_entry {
    void (*ram_init)(void); /* .data and .bss; called first */
    void (*setup)(void);    /* once, before the modem is touched */
    void (*loop)(void);     /* again and again; must return soon */
};

#define USER_ENTRY_ADDRESS (USER_START + sizeof(struct module_info))
#define USER_ENTRY         ((const struct user_entry *)board_flash_at(USER_ENTRY_ADDRESS))

/* The APN compiled into a user application. The rig finds the block by its magic, fills it in and
 * seals the module again. Texts are zero-terminated; an empty apn = the application sets none. */
struct credential_block {
    char magic[8]; /* "APNCREDS", not terminated */
    char apn[64];
    char user[32];
    char password[32];
    uint8_t reserved[8];
};
_Static_assert(sizeof(struct credential_block) == 144, "the rig patches this block");

#endif
