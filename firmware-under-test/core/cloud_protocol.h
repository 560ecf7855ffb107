/* Datagrams between device and update server, in the shape of Particle's chunked protocol
 * (device-os v0.7.0, communication/src/chunked_transfer.cpp; CoAP, RFC 7252 section 4). All
 * integers are big endian.
 *
 *   u8 type (0 CON, 1 NON, 2 ACK, 3 RST) | u8 code | u16 message id | payload
 *
 * Encoders write a whole datagram and return its length; buffers hold CLOUD_LARGEST bytes. Decoders
 * answer false for anything that is not exactly such a datagram. */
#ifndef CORE_CLOUD_PROTOCOL_H
#define CORE_CLOUD_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    CLOUD_HEADER = 4,
    CLOUD_LARGEST_TEXT = 900,
    CLOUD_LARGEST = CLOUD_HEADER + CLOUD_LARGEST_TEXT,
    CLOUD_MOST_MISSING = 50, /* indices in one MISSING */
};

enum cloud_type { CLOUD_CON = 0, CLOUD_NON = 1, CLOUD_ACK = 2, CLOUD_RST = 3 };

/* D: sent by the device, S: sent by the server. */
enum cloud_code {
    CLOUD_HELLO = 0x01,    /* D */
    CLOUD_DESCRIBE = 0x02, /* D */
    CLOUD_PING = 0x03,     /* D */
    CLOUD_EVENT = 0x04,    /* D */
    CLOUD_BEGIN = 0x10,    /* S */
    CLOUD_READY = 0x11,    /* D */
    CLOUD_CHUNK = 0x12,    /* S */
    CLOUD_DONE = 0x13,     /* S */
    CLOUD_MISSING = 0x14,  /* D */
    CLOUD_RESULT = 0x15,   /* D */
};

enum cloud_answer { CLOUD_ACCEPTED = 0x00, CLOUD_REFUSED = 0x80 }; /* code of an ACK */

enum cloud_result {
    CLOUD_RESULT_OK = 0, /* applied after the restart */
    CLOUD_RESULT_CRC = 1,
    CLOUD_RESULT_PLATFORM = 2,
    CLOUD_RESULT_RANGE = 3,
    CLOUD_RESULT_HEADER = 4,
};

struct cloud_message {
    enum cloud_type type;
    uint8_t code;
    uint16_t id;
    const uint8_t *payload;
    uint32_t length; /* of the payload */
};

struct cloud_hello {
    uint8_t device_id[12];
    uint32_t session; /* fresh for every connection */
    uint8_t safe_mode;
    uint8_t reset_reason;
};

struct cloud_begin {
    uint8_t flags; /* bit 0: chunks come unconfirmed */
    uint16_t chunk_size;
    uint32_t length;
    uint8_t store; /* 0: firmware */
    uint32_t address;
};

struct cloud_chunk {
    uint32_t crc; /* CRC-32 of the data */
    uint16_t index;
    const uint8_t *data;
    uint32_t length;
};

/* Payloads are appended behind the place of the header, which is written last. */
void cloud_put_header(uint8_t *datagram, enum cloud_type type, uint8_t code, uint16_t id);
uint32_t cloud_put_hello(uint8_t *datagram, const struct cloud_hello *hello);
/* Text longer than CLOUD_LARGEST_TEXT is cut. */
uint32_t cloud_put_text(uint8_t *datagram, const char *text);
uint32_t cloud_put_byte(uint8_t *datagram, uint8_t value);
/* `count` at most CLOUD_MOST_MISSING. */
uint32_t cloud_put_missing(uint8_t *datagram, const uint16_t *indices, uint32_t count);

bool cloud_decode(const uint8_t *datagram, uint32_t length, struct cloud_message *message);
bool cloud_decode_begin(const struct cloud_message *message, struct cloud_begin *begin);
/* The CRC is not checked here. */
bool cloud_decode_chunk(const struct cloud_message *message, struct cloud_chunk *chunk);

#endif
