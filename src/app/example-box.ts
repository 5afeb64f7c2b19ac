import { readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { AppError } from "../base/error.ts";
import { replace } from "../disk/disk.ts";
import { filesBelow } from "../disk/read.ts";

/** The folder that the bundled conversations were recorded in (examples/conversations/SOURCE.md). */
const RECORDED_ROOT = "/home/dev/shop-api";
const TIMESTAMP = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g;
/** The last record of the examples becomes this old: far enough back to be yesterday's work, near enough to be told in detail. */
const LAST_RECORD_AGE_MS = 2 * 60 * 60 * 1000;

/** A temporary home that looks like the machine of somebody who has used Claude Code for two days. */
export interface ExampleBox {
  readonly project: string;
  readonly env: { readonly [name: string]: string };
}

/**
 * Lays out the bundled project and its conversations below `box`, as the agent would have left them there: paths become
 * the box's, and times are moved so that the last word was said two hours ago.
 *
 * @param examples the package's `examples/` folder.
 * @throws AppError `try_failed` where the package has no examples.
 */
export function layOutExamples(examples: string, box: string, nowMs: number): ExampleBox {
  const project = join(box, "shop-api");
  const transcripts = filesBelow(join(examples, "conversations")).filter(
    (path) => basename(path) === "main.jsonl",
  );
  if (transcripts.length === 0) {
    throw new AppError(
      "try_failed",
      `There are no example conversations in ${examples}.`,
      "Install leftoff again: the package is not whole.",
    );
  }
  for (const path of filesBelow(join(examples, "project"))) {
    replace(join(project, relative(join(examples, "project"), path)), readFileSync(path), {
      mode: 0o644,
      durability: "cached",
    });
  }
  const texts = transcripts.map((path) => readFileSync(path, "utf8"));
  const shiftMs = nowMs - LAST_RECORD_AGE_MS - Math.max(...texts.map(lastTimestamp));
  for (const text of texts) {
    const moved = text
      .replaceAll(RECORDED_ROOT, project)
      .replace(TIMESTAMP, (time) => new Date(Date.parse(time) + shiftMs).toISOString());
    const path = join(
      box,
      ".claude",
      "projects",
      project.replaceAll(/[^a-zA-Z0-9]/g, "-"),
      `${conversationIn(text)}.jsonl`,
    );
    replace(path, Buffer.from(moved), { durability: "cached" });
  }
  return { project, env: { HOME: box, LEFTOFF_HOME: join(box, "leftoff"), PATH: process.env.PATH ?? "" } };
}

function lastTimestamp(text: string): number {
  const times = text.match(TIMESTAMP) ?? [];
  return times.reduce((latest, time) => Math.max(latest, Date.parse(time)), 0);
}

function conversationIn(text: string): string {
  return /"sessionId":"([0-9a-f-]{36})"/.exec(text)?.[1] ?? "example";
}
