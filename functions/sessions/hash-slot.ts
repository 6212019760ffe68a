/** Slots that a cluster spreads its keys over. */
const SLOTS = 16_384;

/**
 * Slot of a key: of what is between its first braces if there is anything, else of all of it.
 *
 * https://valkey.io/topics/cluster-spec/#hash-tags
 */
export function hashSlot(key: string): number {
  const [, tag] = /^[^{]*\{([^}]+)\}/.exec(key) ?? [];
  return crc16(Buffer.from(tag ?? key)) % SLOTS;
}

/** CRC-16/XMODEM. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}
