import { type Check, finding, fine } from "./check.ts";
import type { Facts, GitHookFacts, GitHooksFacts } from "./facts.ts";

/** Whether git still runs what keeps the context page up to date, in every repository where somebody asked for that. */
export function checkGitHooks(all: Facts["install"]["gitHooks"]): readonly Check[] {
  return all.flatMap((facts) => {
    const found = [...hookFindings(facts), ...facts.attributes.map((path) => attributesFinding(path, facts))];
    return found.length > 0 ? found : [fine("git hooks", facts.folder)];
  });
}

/** Something about them is to be put right. */
export function isWrong({ hooks, attributes }: GitHooksFacts): boolean {
  return attributes.length > 0 || hooks.some(({ state }) => state !== "whole");
}

function hookFindings(facts: GitHooksFacts): readonly Check[] {
  const { isMoved, folder, root, hooks } = facts;
  const isEmpty = hooks.every(({ state }) => state === "missing");
  if (isMoved && isEmpty && hooks.length > 0) {
    const detail = `git looks for the hooks of ${root} in ${folder} now (core.hooksPath), where leftoff's lines are not.`;
    return [
      finding(
        "git hooks",
        detail,
        `${PUT_THERE}, or says which line does it. ${wantedNoMore(root)}`,
        "gitHooks",
      ),
    ];
  }
  return hooks.flatMap((hook) => hookFinding(hook, facts) ?? []);
}

function hookFinding({ path, state }: GitHookFacts, { root }: GitHooksFacts): Check | undefined {
  switch (state) {
    case "whole":
      return undefined;
    case "missing": {
      const detail = `${path} does not have leftoff's lines any more.`;
      return finding("git hooks", detail, `${PUT_BACK}. ${wantedNoMore(root)}`, "gitHooks");
    }
    case "different": {
      const detail = `leftoff's lines in ${path} are another version's, or were changed by hand.`;
      return finding(
        "git hooks",
        detail,
        `\`leftoff doctor --fix\` writes them as they are now. ${wantedNoMore(root)}`,
        "gitHooks",
      );
    }
    case "not executable":
      return finding(
        "git hooks",
        `${path} may not be executed: git passes over it.`,
        `\`chmod +x ${path}\` lets git run it.`,
      );
  }
}

function attributesFinding(path: string, { root }: GitHooksFacts): Check {
  const detail = `${path} does not say any more that both sides of the context page are kept in a merge.`;
  return finding("git hooks", detail, `${PUT_BACK}. ${wantedNoMore(root)}`, "gitHooks");
}

const PUT_BACK = "`leftoff doctor --fix` puts them back";
const PUT_THERE = "`leftoff doctor --fix` puts them there";

function wantedNoMore(root: string): string {
  return `Not wanted any more: \`leftoff context --no-git-hooks\` in ${root}.`;
}
