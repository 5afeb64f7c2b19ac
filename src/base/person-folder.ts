/** Where a person without a home is at home: nowhere. The shell lines of hooks in shared settings say the same. */
export const NO_PERSON_FOLDER = "/nonexistent";

/**
 * The person's own folder: `HOME`, else what the system's user database says, else {@link NO_PERSON_FOLDER} (a container
 * whose user has no entry there). A `HOME` that is empty or relative would be another folder wherever one goes, and write into
 * repositories: it counts as unset. Never throws.
 */
export function personFolder({ HOME }: { readonly [name: string]: string | undefined }): string {
  if (HOME?.startsWith("/")) return HOME;
  try {
    // Loaded only where it is asked: hooks start with HOME. `homedir()` would believe an empty one.
    return process.getBuiltinModule("node:os").userInfo().homedir || NO_PERSON_FOLDER;
  } catch {
    return NO_PERSON_FOLDER;
  }
}
