/** The polynomial of RFC 1952 (8.), its bits in the order in which gzip takes those of a byte. */
const POLYNOMIAL = 0xedb88320;
/** A word read from memory begins with the byte that comes first. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * The CRC-32 of gzip (RFC 1952, 8.), for whoever has not loaded node:zlib. Four bytes at a time, as this is run a few times in a
 * process that V8 optimizes nothing of: so 6 kB take 1.5 million instructions, byte by byte 4.
 */
export function crc32(bytes: Uint8Array): number {
  const [one, two, three, four] = tablesOfFour();
  let crc = -1;
  let at = 0;
  if (IS_LITTLE_ENDIAN) {
    for (const word of wordsOf(bytes)) {
      crc ^= word;
      // None of these is undefined: a byte is an index of each table.
      crc =
        (four[crc & 255] as number) ^
        (three[(crc >>> 8) & 255] as number) ^
        (two[(crc >>> 16) & 255] as number) ^
        (one[crc >>> 24] as number);
      at += 4;
    }
  }
  for (; at < bytes.length; at += 1) crc = (one[(crc ^ (bytes[at] as number)) & 255] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Copied, since words can be read only at every fourth byte of memory. */
function wordsOf({ buffer, byteOffset, length }: Uint8Array): Int32Array {
  return new Int32Array(buffer.slice(byteOffset, byteOffset + length - (length % 4)));
}

/** What a byte does to the sum, and what it does when one, two and three more bytes follow. */
function tablesOfFour(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const one = new Int32Array(256);
  for (let crc = 1, i = 128; i > 0; i >>= 1) {
    crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    for (let j = 0; j < 256; j += 2 * i) one[i + j] = (one[j] as number) ^ crc;
  }
  const two = followed(one, one);
  const three = followed(two, one);
  return [one, two, three, followed(three, one)];
}

function followed(table: Int32Array, one: Int32Array): Int32Array {
  return table.map((crc) => (crc >>> 8) ^ (one[crc & 255] as number));
}
