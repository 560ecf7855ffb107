/* What the imp has otherwise than the Electron, whose addresses it shares. */
#ifndef IMP_LAYOUT_H
#define IMP_LAYOUT_H

#include "products/electron/layout.h"

enum { IMP_PLATFORM = 1805 };

/* The operating system: a module whose function is `user`, at USER_START. */
#define IMP_OS_SIZE 0x80000u

#endif
