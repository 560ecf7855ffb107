/* One connection to the update server: greeting, describe, keep-alive, events, and the datagrams of
 * an update, which go to the updater. All AT commands of a session are issued from session_run(),
 * so nothing here is ever entered twice. */
#ifndef ELECTRON_SESSION_H
#define ELECTRON_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/cloud_exchange.h"
#include "modem.h"

struct system;

enum session_state {
    SESSION_CLOSED,
    SESSION_GREETING, /* HELLO is on its way */
    SESSION_OPEN,     /* greeted, not yet described */
    SESSION_ONLINE,
};

/* What the session has to say, most urgent first. Each is one confirmable datagram. */
enum session_want {
    WANT_HELLO,
    WANT_SAFE_MODE, /* event spark/device/safemode */
    WANT_DESCRIBE,
    WANT_READY,
    WANT_MISSING,
    WANT_RESULT,
    WANT_UPDATE_EVENT, /* event fw-update */
    WANT_EVENT,        /* the first of `events` */
    WANT_PING,
    WANT_NOTHING,
};

enum { SESSION_EVENTS = 4, SESSION_EVENT_TEXT = 96 };

struct session {
    enum session_state state;
    struct cloud_exchange exchange;
    struct modem_peer server;
    struct cloud_hello greeting;
    uint16_t last_request;       /* id of the last request that was not a repetition */
    bool refused_last;           /* and how it was answered */
    uint32_t wants;              /* bit per enum session_want */
    enum session_want in_flight; /* the meaning of exchange.datagram */
    uint32_t keep_alive_ms;
    uint32_t traffic_ms; /* when a datagram last went either way */
    uint32_t event_first;
    uint32_t event_count;
    char events[SESSION_EVENTS][SESSION_EVENT_TEXT];
};

/* Finds the server and opens a socket; false when the network does not let us. */
bool session_open(struct system *system);
/* Runs the session until it is lost. True when it got as far as online. */
bool session_run(struct system *system);

void session_want(struct session *session, enum session_want want);
/* No longer: neither to be said nor repeated. */
void session_drop(struct session *session, enum session_want want);
/* It waits for its acknowledgement. */
bool session_is_saying(const struct session *session, enum session_want want);
/* For the application; 0 = the default of 23 minutes. */
void session_keep_alive(struct session *session, uint32_t seconds);
/* False when the session is not online or too many events wait. */
bool session_publish(struct session *session, const char *name, const char *data);
bool session_is_online(const struct session *session);

#endif
