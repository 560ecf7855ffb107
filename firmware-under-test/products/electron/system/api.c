/* The calls that a user application may make: a table at a fixed place behind the prefix. */
#include "apn_source.h"
#include "core/board.h"
#include "products/electron/system_api.h"
#include "system.h"

enum { API_VERSION = 1 };

static void set_credentials(const char *apn, const char *user, const char *password)
{
    electron_system.credentials = (struct apn_choice){
        .apn = apn,
        .user = user,
        .password = password,
        .source = "user",
    };
    apn_source_remember(&electron_system.dct, apn, user, password);
}

static void keep_alive(uint32_t seconds)
{
    session_keep_alive(&electron_system.session, seconds);
}

static bool online(void)
{
    return session_is_online(&electron_system.session);
}

static bool publish(const char *name, const char *data)
{
    return session_publish(&electron_system.session, name, data);
}

extern const struct system_api electron_api;

__attribute__((section(".system_api"), used)) const struct system_api electron_api = {
    .version = API_VERSION,
    .size = sizeof electron_api,
    .millis = board_millis,
    .led = board_led,
    .console_write = board_console_write,
    .set_credentials = set_credentials,
    .keep_alive = keep_alive,
    .online = online,
    .publish = publish,
    .external_watchdog_kick = board_external_watchdog_kick,
};
