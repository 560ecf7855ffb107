/* Keeps the product connected, for ever: modem, network, server, and again from the start with
 * growing pauses. A device whose APN the network refuses stays here: alive, quiet, unreachable. */
#ifndef ELECTRON_NETWORK_H
#define ELECTRON_NETWORK_H

struct system;

void network_run(struct system *system) __attribute__((noreturn));

#endif
