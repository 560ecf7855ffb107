/* As the field report tells of the original: "left it for 15 minutes, then it disconnected". */
#include "upgrade_policy.h"

uint32_t upgrade_session_ms(void)
{
    return 15 * 60 * 1000;
}
