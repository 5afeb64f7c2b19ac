/**
 * The folder name under `projects/` in which Claude Code keeps the conversations of a folder: its real path with every
 * character but letters and digits made a dash. Beyond 200 characters the first 200, and a hash of the path.
 * Source: Claude Code 2.1.197, observed.
 */
export function projectSlug(path: string): string {
  const slug = path.replaceAll(/[^a-zA-Z0-9]/g, "-");
  return slug.length <= SLUG_CHARS_MAX
    ? slug
    : `${slug.slice(0, SLUG_CHARS_MAX)}-${Math.abs(javaHash(path)).toString(36)}`;
}

const SLUG_CHARS_MAX = 200;

/** `String.hashCode` of Java: `h = h * 31 + unit`, in 32 bits. */
function javaHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = ((hash << 5) - hash + text.charCodeAt(at)) | 0;
  return hash;
}

/**
 * Whether a conversation found under a work tree's slug is that work tree's. `/a/b.c` and `/a/b-c` share a slug, so the
 * folders its records name decide; it is turned away only if they prove that it is the other's, because a conversation may
 * name a folder we cannot place (a symbolic link) or none at all.
 */
export function belongsTo(workTreePath: string, folders: readonly string[]): boolean {
  const isOurs = (folder: string) => folder === workTreePath || folder.startsWith(`${workTreePath}/`);
  if (folders.some(isOurs)) return true;
  const slug = projectSlug(workTreePath);
  return !folders.some((folder) => {
    const other = projectSlug(folder);
    return other === slug || other.startsWith(`${slug}-`);
  });
}
