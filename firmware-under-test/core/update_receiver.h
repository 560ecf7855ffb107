/* Takes an image in chunks of any order into a scratch area of flash. What has arrived is known to
 * a bitmap in RAM alone, so a reset starts at zero (device-os v0.7.0,
 * communication/src/chunked_transfer.cpp). Times are milliseconds, compared by difference. */
#ifndef CORE_UPDATE_RECEIVER_H
#define CORE_UPDATE_RECEIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "cloud_protocol.h"

enum {
    UPDATE_MOST_CHUNKS = 1024,
    UPDATE_LARGEST_CHUNK = 512,
    UPDATE_ASK_AFTER_MS = 3000,   /* of silence: ask again for what is missing */
    UPDATE_GIVE_UP_MS = 90 * 1000 /* without a chunk */
};

/* Where chunks go: an area that begins and ends with a flash sector. */
struct update_area {
    uint32_t start;
    uint32_t capacity;
};

enum update_chunk_fate {
    UPDATE_STORED,
    UPDATE_REPEATED, /* was there already */
    UPDATE_REJECTED, /* wrong CRC, index or length; flash not touched */
    UPDATE_NOT_PROGRAMMED,
};

struct update_receiver {
    bool active;
    bool sent; /* the server has sent everything once */
    struct update_area area;
    uint32_t length;      /* bytes of the image */
    uint32_t destination; /* address it will run at, as the server announced it */
    uint32_t chunk_size;
    uint32_t chunks;
    uint32_t received; /* chunks */
    uint32_t asked;    /* chunks of the last request that have not come */
    uint32_t chunk_ms; /* when the last one was stored, or the transfer began */
    uint32_t asked_ms;
    uint32_t bitmap[UPDATE_MOST_CHUNKS / 32]; /* 1: stored */
};

/* Whether a transfer like this can be taken into the area at all. */
bool update_receiver_accepts(const struct cloud_begin *begin, const struct update_area *area);

/* Starts a transfer that update_receiver_accepts(); whatever was under way is forgotten. Chunks are
 * taken once the area is erased. */
void update_receiver_prepare(struct update_receiver *receiver, const struct cloud_begin *begin,
                             const struct update_area *area);
/* Stalls the processor for a second or two. 0 or a board_error. */
int update_receiver_erase(struct update_receiver *receiver);
/* The time after the erase: silence counts from here. */
void update_receiver_touch(struct update_receiver *receiver, uint32_t now);

enum update_chunk_fate update_receiver_chunk(struct update_receiver *receiver,
                                             const struct cloud_chunk *chunk, uint32_t now);

/* The server says that it has sent everything once: missing chunks are asked for from now on. */
void update_receiver_sent(struct update_receiver *receiver, uint32_t now);
bool update_receiver_complete(const struct update_receiver *receiver);

/* Whether a MISSING request is due: everything asked for has come and it was not all, or nothing
 * came for UPDATE_ASK_AFTER_MS. */
bool update_receiver_should_ask(const struct update_receiver *receiver, uint32_t now);
/* The first missing indices, at most `capacity`; counts as a request made at `now`. */
uint32_t update_receiver_missing(struct update_receiver *receiver, uint32_t now, uint16_t *indices,
                                 uint32_t capacity);

bool update_receiver_timed_out(const struct update_receiver *receiver, uint32_t now);
/* When one of the two above may become true next. */
uint32_t update_receiver_deadline(const struct update_receiver *receiver);

#endif
