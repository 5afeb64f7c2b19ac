import { counted } from "../base/count.ts";
import type { BriefMaterial, Drift } from "./brief.ts";
import { type Candidate, keyOf } from "./candidate.ts";
import { cutToTokens } from "./cut.ts";
import { plainLine } from "./plain.ts";

const FILES_NAMED_MAX = 12;
const PATH_TOKENS_MAX = 25;

/** What changed in the repository, by whom. */
export function driftLines({ drift }: BriefMaterial): readonly Candidate[] {
  if (drift === undefined) return [];
  return [...gitBranchLine(drift), ...filesLine(drift), ...commitLines(drift)];
}

function gitBranchLine({ gitBranchFrom, gitBranchTo }: Drift): readonly Candidate[] {
  if (gitBranchFrom === gitBranchTo || gitBranchTo === undefined) return [];
  const from = gitBranchFrom === undefined ? "" : `, was ${nameOf(gitBranchFrom)}`;
  return [
    driftLine(
      "git_branch",
      `git branch is now ${nameOf(gitBranchTo)}${from}`,
      "the work tree is on another git branch",
    ),
  ];
}

function filesLine({ files, partial }: Drift): readonly Candidate[] {
  const unfinished = partial ? " (git was not asked to the end: there may be more)" : "";
  if (files.length === 0)
    return partial
      ? [driftLine("drift", `changes were not counted in time${unfinished}`, "what is not known")]
      : [];
  const named = files.slice(0, FILES_NAMED_MAX).map((path) => cutToTokens(plainLine(path), PATH_TOKENS_MAX));
  const more = files.length - named.length;
  const list = `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const text = `${counted(files.length, "file")} changed: ${list}${unfinished}`;
  return [
    {
      ...driftLine("files", text, "files changed since the session was last touched"),
      key: keyOf("files", "git", files),
    },
  ];
}

function commitLines({ commits, commitsOmitted }: Drift): readonly Candidate[] {
  const lines = commits.map(({ hash, author, subject }): Candidate => {
    const text = `commit by ${nameOf(author)}: ${cutToTokens(plainLine(subject), 40)}`;
    const why = "commit since the session was last touched";
    const source = `git ${plainLine(hash.slice(0, 40))}`;
    return {
      ...driftLine("commit", text, why),
      source,
      key: keyOf("commit", hash, [author, subject]),
      line: `${text} [git ${plainLine(hash.slice(0, 7))}]`,
    };
  });
  if (commitsOmitted <= 0) return lines;
  return [...lines, driftLine("commits", `${commitsOmitted} more commits`, "commits beyond those listed")];
}

function driftLine(kind: string, text: string, why: string): Candidate {
  return {
    section: "drift",
    key: keyOf(kind, "git", [text]),
    kind,
    source: "git",
    why,
    proposal: false,
    text,
    line: `${text} [git]`,
  };
}

function nameOf(name: string): string {
  return cutToTokens(plainLine(name), 20);
}
