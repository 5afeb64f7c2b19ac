import { benchBoard } from "./board.ts";
import { benchDocument } from "./document.ts";
import { benchHooks } from "./hooks.ts";
import { benchIngest } from "./ingest.ts";
import { benchMcp } from "./mcp.ts";
import { benchRedact } from "./redact.ts";
import type { Row } from "./row.ts";
import { benchStatus } from "./status.ts";

/** `npm run bench -- hooks ingest`: medians beside a floor of the same run. The machine is shared: read the ratios. */
const SUITES: { readonly [name: string]: () => readonly Row[] | Promise<readonly Row[]> } = {
  hooks: benchHooks,
  ingest: benchIngest,
  mcp: benchMcp,
  redact: benchRedact,
  board: benchBoard,
  document: benchDocument,
  status: benchStatus,
};

const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const json = process.argv.includes("--json");
const unknown = wanted.filter((name) => SUITES[name] === undefined);
if (unknown.length > 0) {
  console.error(`bench: no suite ${unknown.join(", ")}; there are: ${Object.keys(SUITES).join(", ")}`);
  process.exit(2);
}

const rows: Row[] = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(SUITES))
  rows.push(...((await SUITES[name]?.()) ?? []));

if (json) console.log(JSON.stringify({ schema: "leftoff.bench/1", rows }, undefined, 2));
else
  for (const row of rows)
    console.log(
      `${row.ok ? "ok  " : "MISS"} ${row.name}: ${row.value} ${row.unit}, ${row.ratio}x ${row.against} (target ${row.target}x)`,
    );
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;
