import { statSync } from "node:fs";
import { join, relative } from "node:path";
import type { GitDeed } from "./deed.ts";
import { type Fire, git, textOf } from "./fire.ts";
import { typedItem, withItem } from "./typing.ts";

/** What git does to a file that somebody committed: everything by git itself. */
export function actInGit(fire: Fire, does: GitDeed): void {
  const { box, path } = fire;
  switch (does) {
    case "git-keeps":
      keep(fire);
      return;
    case "git-checkout":
      git(box, "checkout", "-q", "--", path);
      return;
    case "git-checkout-crlf":
      git(box, "-c", "core.autocrlf=true", "checkout", "-q", "-f", "HEAD", "--", path);
      return;
    case "git-stash":
      git(box, "stash", "push", "-q", "--", path);
      return;
    case "git-pop":
      git(box, "stash", "pop", "-q");
      return;
    case "git-clean":
      git(box, "clean", "-q", "-fdx");
      return;
    case "git-side":
      commitBeside(fire);
      return;
    case "git-merge":
      keep(fire);
      git(box, "merge", "-q", "-m", "merge", "side");
      return;
    case "git-theirs":
      git(box, "checkout", "-q", "--theirs", "--", path);
      return;
    case "git-abort":
      git(box, "merge", "--abort");
  }
}

function keep({ box, path }: Fire): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  git(box, "add", "-f", path);
  git(box, "commit", "-q", "-m", "keep");
}

/** Another clone goes on from the committed document, and its git branch comes here: what `git-merge` merges. */
function commitBeside(fire: Fire): void {
  const { box, path } = fire;
  const file = relative(box.project, path);
  const text = git(box, "show", `HEAD:${file}`);
  if (text === "" || textOf(fire) === undefined) return;
  const tree = join(box.folder, "beside");
  git(box, "worktree", "add", "-q", "-f", "--detach", tree, "HEAD");
  box.write(join(tree, file), `${withItem(text, typedItem(fire))}\n`);
  git({ ...box, project: tree }, "commit", "-q", "-a", "-m", "beside");
  git({ ...box, project: tree }, "branch", "-f", "side");
  git(box, "worktree", "remove", "--force", tree);
}
