import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ConversationId } from "../base/id.ts";
import type { JsonObject } from "../base/parse.ts";
import { distill, emptyFacts } from "../distill/distill.ts";
import type { SourcePosition } from "../store/store.ts";
import type { Agent, TranscriptFile } from "./agent.ts";

const CONVERSATION = "11111111-2222-4333-8444-555555555555" as ConversationId;

/**
 * The behaviour that every {@link Agent} has. Each adapter's test file calls this once with its folder of recordings,
 * one folder per version of the agent: `<case>.jsonl` → `<case>.items.json` and `<case>.facts.json`, `hooks/*.json` →
 * `hooks.calls.json`. `UPDATE_GOLDEN=1` rewrites the golden files.
 */
export function agentContract(agent: Agent, fixtures: string): void {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "leftoff-agent-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const versions = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const cases = versions.flatMap(({ name }) =>
    readdirSync(join(fixtures, name))
      .filter((file) => file.endsWith(".jsonl"))
      .map((file) => join(fixtures, name, file)),
  );

  test.each(cases)("says what a recorded transcript holds: %s", async (path) => {
    const { records, damage } = await readAll(agent, path);
    const items = records.flatMap((record) => agent.itemsOf(record));

    expect(damage).toEqual([]);
    expectGolden(path.replace(/\.jsonl$/, ".items.json"), items);
    expectGolden(
      path.replace(/\.jsonl$/, ".facts.json"),
      distill(emptyFacts(CONVERSATION, agent.name), items),
    );
  });

  test.each(versions.map(({ name }) => join(fixtures, name)))(
    "says what recorded hooks call for: %s",
    (version) => {
      const hooks = readdirSync(join(version, "hooks")).sort();
      const calls = hooks.map((file) => [
        basename(file, ".json"),
        agent.hookOf(readFileSync(join(version, "hooks", file), "utf8")) ?? null,
      ]);

      expectGolden(join(version, "hooks.calls.json"), Object.fromEntries(calls));
    },
  );

  test("reads a transcript in any two parts as it reads it at once", async () => {
    const bytes = readFileSync(cases[0]!);
    const whole = await readAll(agent, cases[0]!);
    const growing = join(folder, "growing.jsonl");
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), async (cut) => {
        writeFileSync(growing, bytes.subarray(0, cut));
        const first = await readAll(agent, growing);
        appendFileSync(growing, bytes.subarray(cut));
        const second = await readAll(agent, growing, first.position);

        expect([...first.records, ...second.records]).toEqual(whole.records);
        expect(second.position?.offset).toBe(bytes.length);
      }),
      { numRuns: 30 },
    );
  });

  test("hands batches over that follow each other without a gap and say where each record ends", async () => {
    const path = join(folder, "long.jsonl");
    for (const source of cases) appendFileSync(path, readFileSync(source));
    const bytes = readFileSync(path);
    let from = 0;
    await agent.read(transcriptAt(path), undefined, (batch) => {
      expect(batch.fromByte).toBe(from);
      expect(batch.ends.length).toBe(batch.records.length);
      for (const end of batch.ends) expect(bytes[end - 1]).toBe(0x0a);
      expect(batch.position.offset).toBeGreaterThanOrEqual(batch.ends.at(-1)!);
      from = batch.position.offset;
    });
    expect(from).toBe(bytes.length);
  });

  test("starts again when another file stands at the path, or a shorter one", async () => {
    const path = join(folder, "replaced.jsonl");
    copyFileSync(cases[0]!, path);
    const first = await readAll(agent, path);
    const moved = await readAll(agent, path, { ...first.position!, inode: first.position!.inode + 1 });
    writeFileSync(path, readFileSync(path).subarray(0, first.position!.offset / 2));
    const shorter = await readAll(agent, path, first.position);

    expect(moved.records).toEqual(first.records);
    expect(shorter.records).toEqual(first.records.slice(0, shorter.records.length));
    expect(shorter.records.length).toBeGreaterThan(0);
  });

  test("a transcript that does not exist yet is empty", async () => {
    const missing = { ...transcriptAt(cases[0]!), path: join(folder, "missing.jsonl") };

    expect(await agent.read(missing, undefined, () => expect.unreachable())).toEqual({
      position: undefined,
      damage: [],
    });
  });

  test("makes items of any record without throwing", async () => {
    const { records } = await readAll(agent, cases[0]!);
    const keys = [...new Set(records.flatMap(keysIn))];
    const types = [...new Set(records.map(({ type }) => String(type)))];
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.constantFrom(...types),
        tie("object"),
        tie("array"),
      ),
      object: fc.dictionary(fc.constantFrom(...keys), tie("any"), { maxKeys: 8 }),
      array: fc.array(tie("any"), { maxLength: 3 }),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys), value.any, { maxKeys: 8 }),
        fc.constantFrom(...types),
        (fields, type) => {
          const items = agent.itemsOf({ ...fields, type } as JsonObject);
          distill(emptyFacts(CONVERSATION, agent.name), items);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("takes any payload for what it is without throwing", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (payload) => void agent.hookOf(payload)));
  });
}

interface Everything {
  readonly records: readonly JsonObject[];
  readonly damage: readonly unknown[];
  readonly position: SourcePosition | undefined;
}

async function readAll(agent: Agent, path: string, position?: SourcePosition): Promise<Everything> {
  const records: JsonObject[] = [];
  const read = await agent.read(transcriptAt(path), position, (batch) => records.push(...batch.records));
  return { records, ...read };
}

function transcriptAt(path: string): TranscriptFile {
  const { size, mtimeMs } = statSync(path);
  return { path, conversation: CONVERSATION, name: "main", sizeBytes: size, modifiedAtMs: mtimeMs };
}

function keysIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    Array.isArray(value) ? keysIn(inner) : [key, ...keysIn(inner)],
  );
}

function expectGolden(path: string, actual: unknown): void {
  const json = `${JSON.stringify(actual, null, 1)}\n`;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, json);
  expect(existsSync(path), `${path} is missing: UPDATE_GOLDEN=1 makes it`).toBe(true);
  expect(JSON.parse(json)).toEqual(JSON.parse(readFileSync(path, "utf8")));
}
