/* Lines as the imp's server logs them: "[Status] firmware update triggered". */
#ifndef IMP_STATUS_H
#define IMP_STATUS_H

#include <stdint.h>

void status_say(const char *text);
/* The same with "; 1.59% program storage used" behind it. */
void status_say_storage(const char *text);
void status_say_disconnected(uint32_t sent, uint32_t received);

#endif
