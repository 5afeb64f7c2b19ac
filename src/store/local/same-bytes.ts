/** Of more files, those read last. A hook asks for the same handful again and again. */
const REMEMBERED_MAX = 16;
/** In all: the journal of a session with 10,000 notes, twice. What is made of it takes some five times as much memory. */
const BYTES_MAX = 16 * 1024 * 1024;

/**
 * What the bytes of a file mean, made out again only where they are others than when the file was read last: reading takes
 * microseconds, checking and parsing ten times as long. The meaning is shared, so nobody may change it.
 */
export function rememberingSame<T>(
  meaningOf: (bytes: Buffer, path: string) => T,
): (bytes: Buffer, path: string) => T {
  const known = new Map<string, { readonly bytes: Buffer; readonly meaning: T }>();
  return (bytes, path) => {
    const before = known.get(path);
    if (before?.bytes.equals(bytes)) return before.meaning;
    known.delete(path);
    const meaning = meaningOf(bytes, path);
    if (bytes.length > BYTES_MAX) return meaning;
    known.set(path, { bytes, meaning });
    let sizeBytes = 0;
    for (const [at, other] of [...known].reverse().entries()) {
      sizeBytes += other[1].bytes.length;
      if (at >= REMEMBERED_MAX || sizeBytes > BYTES_MAX) known.delete(other[0]);
    }
    return meaning;
  };
}
