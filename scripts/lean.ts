import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Plugin } from "esbuild";
import { lack } from "../src/lacking.ts";

/**
 * What `leftoff status` needs only where something is new since the last turn: conversations that nobody read, documents that somebody
 * placed, moved or edited, memory files that were written into, lost state. In dist/status.cjs their functions give up, and the
 * whole one is loaded (docs/decisions/0014-status-has-its-own-bundle.md). Files of functions only.
 */
const LEFT_OUT: readonly string[] = [
  "agent/claude/hook",
  "agent/claude/line-reader",
  "agent/claude/transcript",
  "app/brief-sources",
  "app/document-edits",
  "app/document-view",
  "app/follow-pages",
  "app/ingest",
  "app/prepare-brief",
  "app/read-conversation",
  "app/recovered-session",
  "app/settle",
  "app/shelf",
  "distill/distill",
  "document/compare",
  "document/known",
  "document/placed",
  "document/read",
  "document/splice",
  "document/write",
  "memory/read",
  "memory/render",
  "recall/tokens",
  "store/local/batch",
];

/** Leaves them out of a bundle. */
export const lean: Plugin = {
  name: "lean",
  setup: (build) => {
    const paths = new Set(LEFT_OUT.map((name) => resolve("src", `${name}.ts`)));
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) =>
      paths.has(path)
        ? { contents: withoutBodies(path), loader: "ts", resolveDir: resolve("src") }
        : undefined,
    );
  },
};

/** @throws Error where the file exports anything but functions: a constant could not say that it is not there. */
function withoutBodies(path: string): string {
  const text = readFileSync(path, "utf8");
  const exported = [...text.matchAll(/^export (?!type |interface )(.*)$/gm)].map(([, what = ""]) => what);
  const functions = exported.map((what) => {
    const name = /^(?:async )?function\*? (\w+)/.exec(what)?.[1];
    if (name === undefined) throw new Error(`${relative(".", path)} exports more than functions: ${what}`);
    return `export function ${name}(): never { return ${lack.name}("${name}"); }`;
  });
  return [`import { ${lack.name} } from "./lacking.ts";`, ...functions].join("\n");
}
