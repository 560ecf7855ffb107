/* As the original: the server decides, whatever the product is needed for. */
#include "upgrade_policy.h"

bool upgrade_permitted(uint32_t now)
{
    (void)now;
    return true;
}
