/* SHA-256 (FIPS 180-4) of a stream, and HMAC-SHA256 (RFC 2104) with it. */
#ifndef CORE_SHA256_H
#define CORE_SHA256_H

#include <stdbool.h>
#include <stdint.h>

enum { SHA256_DIGEST = 32, SHA256_BLOCK = 64 };

struct sha256 {
    uint32_t state[8];
    uint32_t length; /* bytes so far: streams below 512 MB */
    uint8_t block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *hash);
void sha256_update(struct sha256 *hash, const void *data, uint32_t length);
void sha256_end(struct sha256 *hash, uint8_t digest[SHA256_DIGEST]);

struct hmac_sha256 {
    struct sha256 inner;
    struct sha256 outer;
};

/* `length`: of the key, at most SHA256_BLOCK. */
void hmac_sha256_begin(struct hmac_sha256 *mac, const uint8_t *key, uint32_t length);
void hmac_sha256_update(struct hmac_sha256 *mac, const void *data, uint32_t length);
void hmac_sha256_end(struct hmac_sha256 *mac, uint8_t tag[SHA256_DIGEST]);
/* Takes the same time wherever the difference is. */
bool sha256_equal(const uint8_t a[SHA256_DIGEST], const uint8_t b[SHA256_DIGEST]);

#endif
