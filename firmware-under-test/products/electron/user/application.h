/* What every user application of the product defines, and what they share. */
#ifndef ELECTRON_APPLICATION_H
#define ELECTRON_APPLICATION_H

#include "products/electron/system_api.h"

void application_setup(void);
void application_loop(void);

/* `user ver=2 led=blue apn=iot.example.net`; `led` NULL: the application has none. */
void report_start(const char *led, const char *apn);
/* Keeps the external watchdog quiet: one pulse about every 30 s. */
void feed_external_watchdog(void);

/* In the module, to be filled in by whoever provisions it. */
extern const struct credential_block compiled_credentials;

#endif
