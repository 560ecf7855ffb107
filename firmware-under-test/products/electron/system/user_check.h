/* Whether the user module may run: HAL_Core_Validate_User_Module() of device-os v0.7.0. */
#ifndef ELECTRON_USER_CHECK_H
#define ELECTRON_USER_CHECK_H

#include <stdbool.h>
#include <stdint.h>

enum user_state {
    USER_OK,
    USER_INVALID, /* no valid header: erased, or cut before the header came */
    USER_CRC,     /* header fine, the rest is not: no factory fallback for this one */
    USER_NEEDS_SYSTEM,
    USER_FACTORY_RESTORE, /* as USER_INVALID, and the factory copy has a valid header */
};

struct user_check {
    enum user_state state;
    uint16_t version; /* of a user module that is whole; 0 otherwise */
    bool is_whole;    /* USER_OK or USER_NEEDS_SYSTEM */
};

struct user_check user_check(void);
/* "ok", "invalid", "crc", "needs-system", "factory-restore". */
const char *user_state_name(enum user_state state);

#endif
