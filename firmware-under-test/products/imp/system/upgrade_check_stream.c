/* As the original: what the second pass programs is known to be right when all of it is there. */
#include "upgrade_policy.h"

bool upgrade_checks_blocks(void)
{
    return false;
}
