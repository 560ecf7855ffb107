#include "user_check.h"

#include <stddef.h>

#include "products/electron/layout.h"

/* The original looks at the factory copy's header alone, so this does. */
static enum user_state state_without_header(void)
{
    return module_validate_header(FACTORY_START, &electron_modules) == MODULE_VALID
               ? USER_FACTORY_RESTORE
               : USER_INVALID;
}

static enum user_state determine(void)
{
    switch (module_validate(USER_START, &electron_modules)) {
    case MODULE_NO_HEADER:
    case MODULE_WRONG_PLATFORM:
    case MODULE_OUT_OF_RANGE:
        return state_without_header();
    case MODULE_BAD_CRC:
        return USER_CRC;
    case MODULE_VALID:
        break;
    }
    const struct module_info *user = module_find(USER_START);
    return module_dependencies_met(user, &electron_modules, NULL) ? USER_OK : USER_NEEDS_SYSTEM;
}

struct user_check user_check(void)
{
    struct user_check check = {.state = determine()};
    check.is_whole = check.state == USER_OK || check.state == USER_NEEDS_SYSTEM;
    if (check.is_whole) {
        check.version = module_find(USER_START)->version;
    }
    return check;
}

const char *user_state_name(enum user_state state)
{
    static const char *const names[] = {
        [USER_OK] = "ok",
        [USER_INVALID] = "invalid",
        [USER_CRC] = "crc",
        [USER_NEEDS_SYSTEM] = "needs-system",
        [USER_FACTORY_RESTORE] = "factory-restore",
    };
    return names[state];
}
