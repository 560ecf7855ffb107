/* What the applications of this product differ in. */
#ifndef SWAP_APPLICATION_H
#define SWAP_APPLICATION_H

/* The application works: what it makes of that. */
void application_works(void);

#endif
