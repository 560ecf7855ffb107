#include "sha256.h"

#include "memory.h"

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotated(uint32_t value, unsigned bits)
{
    return value >> bits | value << (32 - bits);
}

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put_big_endian(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; ++i)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* The schedule as a ring of 16 words: 192 bytes of stack less than all 64. */
static uint32_t next_word(uint32_t ring[16], unsigned t)
{
    uint32_t late = ring[(t + 14) % 16];
    uint32_t early = ring[(t + 1) % 16];
    ring[t % 16] += ring[(t + 9) % 16] + (rotated(late, 17) ^ rotated(late, 19) ^ late >> 10) +
                    (rotated(early, 7) ^ rotated(early, 18) ^ early >> 3);
    return ring[t % 16];
}

static void compress(uint32_t state[8], const uint8_t *block)
{
    uint32_t ring[16];
    uint32_t v[8];
    memcpy(v, state, sizeof v);
    for (unsigned t = 0; t < 16; ++t)
        ring[t] = big_endian(block + 4 * t);
    for (unsigned t = 0; t < 64; ++t) {
        uint32_t word = t < 16 ? ring[t] : next_word(ring, t);
        uint32_t first = v[7] + (rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25)) +
                         ((v[4] & v[5]) ^ (~v[4] & v[6])) + round_constants[t] + word;
        uint32_t second = (rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)) +
                          ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += first;
        v[0] = first + second;
    }
    for (unsigned i = 0; i < 8; ++i)
        state[i] += v[i];
}

void sha256_begin(struct sha256 *hash)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(hash->state, start, sizeof start);
    hash->length = 0;
}

void sha256_update(struct sha256 *hash, const void *data, uint32_t length)
{
    const uint8_t *bytes = data;
    while (length > 0) {
        uint32_t filled = hash->length % SHA256_BLOCK;
        uint32_t part = SHA256_BLOCK - filled < length ? SHA256_BLOCK - filled : length;
        memcpy(hash->block + filled, bytes, part);
        hash->length += part;
        bytes += part;
        length -= part;
        if (hash->length % SHA256_BLOCK == 0)
            compress(hash->state, hash->block);
    }
}

void sha256_end(struct sha256 *hash, uint8_t digest[SHA256_DIGEST])
{
    static const uint8_t padding[SHA256_BLOCK] = {0x80};
    uint8_t bits[8] = {0};
    put_big_endian(bits + 4, hash->length * 8);
    uint32_t filled = hash->length % SHA256_BLOCK;
    sha256_update(hash, padding, (filled < 56 ? 56 : 56 + SHA256_BLOCK) - filled);
    sha256_update(hash, bits, sizeof bits);
    for (unsigned i = 0; i < 8; ++i)
        put_big_endian(digest + 4 * i, hash->state[i]);
}

static void begin_with(struct sha256 *hash, const uint8_t padded[SHA256_BLOCK], uint8_t mask)
{
    uint8_t block[SHA256_BLOCK];
    for (unsigned i = 0; i < SHA256_BLOCK; ++i)
        block[i] = padded[i] ^ mask;
    sha256_begin(hash);
    sha256_update(hash, block, sizeof block);
}

void hmac_sha256_begin(struct hmac_sha256 *mac, const uint8_t *key, uint32_t length)
{
    uint8_t padded[SHA256_BLOCK] = {0};
    memcpy(padded, key, length < SHA256_BLOCK ? length : SHA256_BLOCK);
    begin_with(&mac->inner, padded, 0x36);
    begin_with(&mac->outer, padded, 0x5c);
}

void hmac_sha256_update(struct hmac_sha256 *mac, const void *data, uint32_t length)
{
    sha256_update(&mac->inner, data, length);
}

void hmac_sha256_end(struct hmac_sha256 *mac, uint8_t tag[SHA256_DIGEST])
{
    uint8_t inner[SHA256_DIGEST];
    sha256_end(&mac->inner, inner);
    sha256_update(&mac->outer, inner, sizeof inner);
    sha256_end(&mac->outer, tag);
}

bool sha256_equal(const uint8_t a[SHA256_DIGEST], const uint8_t b[SHA256_DIGEST])
{
    uint8_t difference = 0;
    for (unsigned i = 0; i < SHA256_DIGEST; ++i)
        difference |= a[i] ^ b[i];
    return difference == 0;
}
