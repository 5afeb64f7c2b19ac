import { counted } from "../../base/count.ts";
import { placeOf } from "../damage.ts";
import { type Check, each, finding, fine, note } from "./check.ts";
import type { Facts } from "./facts.ts";

/** What leftoff remembers, and whether all of it can be read. */
export function checkStore({ store, home }: Facts): readonly Check[] {
  if (home.kind !== "folder") return [];
  const { machine, damage, transcriptDamage, unchecked, damagedState, workspaceWarnings, documents } = store;
  const rest =
    unchecked === 0 ? "" : ` (${counted(unchecked, "conversation")} not looked at: too much at once)`;
  return [
    ...(machine === "damaged"
      ? [
          finding(
            "machine",
            "machine.json, the name under which this machine writes, is damaged.",
            "`leftoff doctor --fix` gives it a new one; nothing is lost by that.",
            "machine",
          ),
        ]
      : [fine("machine", machine === "whole" ? "named" : "nothing written yet")]),
    ...each(damage, fine("records", `whole${rest}`), (place) =>
      finding(
        "records",
        `${placeOf(place)}: ${place.reason}`,
        "`leftoff repair` takes these bytes out, into a file beside, as does `leftoff doctor --fix`; everything around them is read.",
        "records",
      ),
    ),
    // The agent's own files are not ours to mend: what they lost is told, and is no failure of the installation.
    ...each(transcriptDamage, fine("transcripts", "read whole"), (place) =>
      note(
        "transcripts",
        `${placeOf(place)} could not be read (${place.reason})`,
        "Nothing to do: everything around them was read, and the agent's file stays as it is.",
      ),
    ),
    ...each(damagedState, fine("state", "whole"), (path) =>
      finding(
        "state",
        `${path} is damaged.`,
        "`leftoff doctor --fix` makes it again out of what was recorded.",
        "state",
      ),
    ),
    ...each(workspaceWarnings, fine("workspaces", "whole"), (warning) =>
      finding(
        "workspaces",
        warning,
        "`leftoff repair` takes the line out, into a file beside, as does `leftoff doctor --fix`; the work tree is found again when you next work in it.",
        "records",
      ),
    ),
    ...each(documents, fine("documents", "all taken in"), (trouble) =>
      finding(
        "documents",
        trouble,
        "Put the document right by hand; the next turn takes it in, as does `leftoff doctor --fix`.",
        "documents",
      ),
    ),
  ];
}
