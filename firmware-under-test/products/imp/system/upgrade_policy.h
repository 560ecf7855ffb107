/* What the variants of the product decide differently; one file of each kind is linked. */
#ifndef IMP_UPGRADE_POLICY_H
#define IMP_UPGRADE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/* upgrade_timeout_{15min,none}.c: how long an upgrade may take, from the trigger; 0: as long as it
 * likes, while bytes come. */
uint32_t upgrade_session_ms(void);

/* upgrade_{restart,resume}.c: a pass that a connection or the network broke goes on where it was,
 * with Range. */
bool upgrade_resumes(void);

/* upgrade_check_{stream,blocks}.c: the second pass checks every block before it programs it, and
 * asks again for one that is wrong (upgrade_blocks.h). */
bool upgrade_checks_blocks(void);

/* upgrade_{forced,deferred}.c: whether the server may have its way now. `now` since the boot. */
bool upgrade_permitted(uint32_t now);

#endif
