import { type Check, each, finding, fine, note } from "./check.ts";
import type { BesideFacts, Facts } from "./facts.ts";

/** What `init` wrote down, and the lines that it wrote beside the agent's settings. */
export function checkInstall({ install, home }: Facts): readonly Check[] {
  if (home.kind !== "folder") return [];
  return [
    ...(install.ledger === "damaged"
      ? [
          finding(
            "installed",
            `${install.path}, in which \`init\` wrote down which files it touched, is damaged.`,
            "`leftoff doctor --fix` writes it anew from what is found in those files, so that `leftoff uninstall` knows them.",
            "ledger",
          ),
        ]
      : []),
    ...gitignoreChecks(install.beside.filter(({ kind }) => kind === "gitignore")),
    ...install.beside.filter(({ kind }) => kind === "protocol").map(protocolCheck),
  ];
}

function gitignoreChecks(files: readonly BesideFacts[]): readonly Check[] {
  if (files.length === 0) return [];
  const missing = files.filter(({ state }) => state !== "whole");
  return each(missing, fine("gitignore", files.map(({ path }) => path).join(", ")), ({ path }) =>
    finding(
      "gitignore",
      `${path} does not keep session documents out of git any more: they are personal, and change with every turn.`,
      "`leftoff doctor --fix` puts the line back, as does `leftoff init` there.",
      "gitignore",
    ),
  );
}

/**
 * The agent shows its model every change of this file, and people edit it: nothing is written into it but on a person's own
 * word, and what somebody took out or changed may be what they want.
 */
function protocolCheck({ path, state }: BesideFacts): Check {
  const again = "`leftoff init --protocol` there writes it as it is now";
  switch (state) {
    case "whole":
      return fine("protocol", path);
    case "different":
      return note(
        "protocol",
        `${path} has leftoff's part as another version wrote it, or changed by hand.`,
        `Nothing to do; ${again}.`,
      );
    case "missing":
      return note("protocol", `${path} has leftoff's part no more.`, `Nothing to do; ${again}.`);
    case "half":
      return finding(
        "protocol",
        `${path} has only one of the two marks around leftoff's part: \`leftoff uninstall\` can't tell what is ours.`,
        `Take out what is left of it by hand; ${again}.`,
      );
  }
}
