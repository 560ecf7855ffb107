/* The product is needed for the first half hour after every boot: then it may be upgraded. A
 * stand-in for what a real product knows about its use. */
#include "upgrade_policy.h"

enum { NEEDED_MS = 30 * 60 * 1000 };

bool upgrade_permitted(uint32_t now)
{
    return now >= NEEDED_MS;
}
