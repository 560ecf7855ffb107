/* Reliable exchange of datagrams over one session: one confirmable datagram of ours in flight at a
 * time, repeated until it is acknowledged, and a memory of those received (RFC 7252 section 4.2,
 * with ACK_TIMEOUT 4 s, MAX_RETRANSMIT 3 and no random factor, as device-os v0.7.0). Pure: `now` in
 * milliseconds is handed in, compared by difference; sending is the caller's. */
#ifndef CORE_CLOUD_EXCHANGE_H
#define CORE_CLOUD_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "cloud_protocol.h"

enum {
    CLOUD_ACK_TIMEOUT_MS = 4000, /* doubles with every repetition */
    CLOUD_MAX_RETRANSMIT = 3,
    CLOUD_REMEMBERED = 8,
};

enum cloud_due { CLOUD_DUE_NOTHING, CLOUD_DUE_TRANSMIT, CLOUD_DUE_GIVE_UP };

struct cloud_exchange {
    uint16_t next_id;
    uint16_t seen[CLOUD_REMEMBERED]; /* ids of the last confirmable datagrams received */
    uint8_t seen_count;
    uint8_t seen_next;
    bool in_flight;
    uint8_t transmissions; /* of the one in flight */
    uint32_t due_ms;       /* when it is to be sent next, or given up */
    uint16_t id;
    uint32_t length;
    uint8_t datagram[CLOUD_LARGEST] __attribute__((aligned(4)));
};

/* A new session. Its first message id is `first_id`, so that a late ACK of the session before
 * cannot be taken for one of this. */
void cloud_exchange_open(struct cloud_exchange *exchange, uint16_t first_id);

/* Puts the datagram in flight whose payload stands in exchange->datagram, `length` bytes with the
 * header. Nothing else may be in flight. It is due at once. */
void cloud_exchange_start(struct cloud_exchange *exchange, uint8_t code, uint32_t length,
                          uint32_t now);

/* What is due at `now`. CLOUD_DUE_TRANSMIT: send it; the next time is set already.
 * CLOUD_DUE_GIVE_UP: nobody answered, nothing is in flight any more. */
enum cloud_due cloud_exchange_poll(struct cloud_exchange *exchange, uint32_t now);

/* An ACK arrived: true when it is that of the datagram in flight, which is done then. */
bool cloud_exchange_acknowledged(struct cloud_exchange *exchange, uint16_t id);

/* Whether a confirmable datagram was received before; it is remembered from now on. */
bool cloud_exchange_is_repeated(struct cloud_exchange *exchange, uint16_t id);

#endif
