/** Of more files, those read last. A hook asks for the same handful again and again. */
const REMEMBERED_MAX = 16;
/** Larger files are read once. */
const BYTES_MAX = 1024 * 1024;

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
    const meaning = meaningOf(bytes, path);
    known.delete(path);
    const [oldest] = known.keys();
    if (known.size >= REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
    if (bytes.length <= BYTES_MAX) known.set(path, { bytes, meaning });
    return meaning;
  };
}
