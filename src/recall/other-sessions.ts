import type { BriefMaterial } from "./brief.ts";
import { type Candidate, keyOf } from "./candidate.ts";
import { cutToTokens } from "./cut.ts";
import { plainLine } from "./plain.ts";
import { momentOf } from "./when.ts";

const NAMED_MAX = 5;

/** The other open sessions of this work tree in one line. */
export function otherSessionsLine({ otherSessions, nowMs }: BriefMaterial): readonly Candidate[] {
  if (otherSessions.length === 0) return [];
  const named = otherSessions
    .slice(0, NAMED_MAX)
    .map(({ slug, lastAtMs }) => `${cutToTokens(plainLine(slug), 20)} (last ${momentOf(lastAtMs, nowMs)})`);
  const more = otherSessions.length - named.length;
  const text = `Other open sessions of this work tree: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const key = keyOf(
    "sessions",
    "leftoff",
    otherSessions.map(({ slug }) => slug),
  );
  const why = "other open sessions of this work tree";
  return [
    {
      section: "others",
      key,
      kind: "sessions",
      source: "leftoff list",
      why,
      proposal: false,
      text,
      line: text,
    },
  ];
}
