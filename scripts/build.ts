import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";
import { lean } from "./lean.ts";

/**
 * Builds the published program into dist/: everything bundled, no dependency at run time.
 *
 * - main.js: the command line (ESM, with lazily loaded chunks);
 * - index.js: the library;
 * - leftoff.cjs: what `leftoff` starts, and what it loads for one command instead of main.js: status.cjs, or, where something is new,
 *   status-whole.cjs;
 * - hook.cjs: what hooks start; front.cjs, which it loads with compiled code; and engine.cjs, which that one loads so when printing a
 *   ready brief will not do. CommonJS (ESM starts 40 % slower, and start-up is nearly all of their time);
 * - packing.cjs: what engine.cjs loads once in hundreds of turns, to pack the archive.
 *
 * The plugin gets a copy of all but the library: it is installed by itself (docs/decisions/0012-plugin-ships-its-programs.md).
 */
const version = (JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version;
const define = { "process.env.LEFTOFF_VERSION": JSON.stringify(version) };
const awaited = { format: "cjs", minify: true } as const;
/** What node puts around a CommonJS module when it loads one; src/disk/compiled.ts does that by itself. */
const asFunction = {
  banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
  footer: { js: "})" },
} as const;
const node = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  define,
  logLevel: "warning",
  metafile: true,
} as const;

const AWAITED_FUNCTIONS = [
  { entry: "status", name: "status", plugins: [lean] },
  { entry: "status", name: "status-whole", plugins: [] },
  { entry: "hooks/front", name: "front", plugins: [] },
  { entry: "hooks/engine", name: "engine", plugins: [] },
] as const;

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist", { recursive: true });
const results = await Promise.all([
  build({
    ...node,
    entryPoints: ["src/main.ts", "src/index.ts"],
    outdir: "dist",
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    // Its main file is UMD, whose inner require() no bundler sees through.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    // Bundled CommonJS packages ask for require(), which ES modules lack.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  }),
  ...["leftoff", "hooks/hook", "compose-packing"].map((name) =>
    build({
      ...{ ...node, ...awaited },
      entryPoints: [`src/${name}.ts`],
      outfile: `dist/${basename(name).replace("compose-", "")}.cjs`,
    }),
  ),
  ...AWAITED_FUNCTIONS.map(({ entry, name, plugins }) =>
    build({
      ...node,
      ...awaited,
      ...asFunction,
      entryPoints: [`src/${entry}.ts`],
      outfile: `dist/${name}.cjs`,
      plugins: [...plugins],
    }),
  ),
]);
chmodSync("dist/leftoff.cjs", 0o755);
for (const name of ["leftoff", "status", "status-whole", "hook", "front", "engine"])
  inAscii(`dist/${name}.cjs`);
for (const { name } of AWAITED_FUNCTIONS) askedOnce(`dist/${name}.cjs`);
writeFileSync(
  "dist/THIRD-PARTY-LICENSES",
  licencesOf(results.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
);

const pluginDist = "plugin/dist";
rmSync(pluginDist, { recursive: true, force: true });
cpSync("dist", pluginDist, { recursive: true, filter: (path) => path !== "dist/index.js" });
// Without it node goes by the first package.json above: there is none where the agent puts its plugins.
writeFileSync(`${pluginDist}/package.json`, '{"type":"module"}\n');

/**
 * Literals of regular expressions are the one thing that esbuild leaves as it is. Escaped, the file is one byte a character: V8
 * keeps half as much, and nothing is decoded at a hook's start. Two escaped surrogates mean their one character in all literals.
 */
function inAscii(path: string): void {
  const escaped = readFileSync(path, "utf8").replaceAll(/[\u0080-\uffff]/g, (unit) => {
    const hex = unit.charCodeAt(0).toString(16);
    return hex.length === 2 ? `\\x${hex}` : `\\u${hex.padStart(4, "0")}`;
  });
  writeFileSync(path, escaped);
}

/**
 * Each file of a bundle asks node for the modules that it imports. Most ask for these two, 75 times in engine.cjs, which takes 0.3 ms of
 * every hook; so that they are asked for once, under names that the minifier, whose own are short, gives to nothing else.
 */
function askedOnce(path: string): void {
  const names = { nodeFs: 'require("node:fs")', nodePath: 'require("node:path")' };
  const text = readFileSync(path, "utf8");
  const taken = Object.keys(names).filter((name) => text.includes(name));
  if (taken.length > 0) throw new Error(`${path} has ${taken.join(" and ")} already`);
  const start = '"use strict";';
  if (!text.includes(`\n${start}`)) throw new Error(`${path} does not begin as expected`);
  const asked = Object.entries(names).map(([name, ask]) => `${name}=${ask}`);
  // Only as the minifier writes an import: what hooks/watchdog.ts runs in a thread of its own is a text, and asks for itself.
  const body = Object.entries(names).reduce(
    (rest, [name, ask]) => rest.replaceAll(`=${ask}`, `=${name}`),
    text,
  );
  writeFileSync(path, body.replace(start, `${start}var ${asked.join()};`));
}

/** The licence texts of the packages whose code is in the bundles: their terms ask for it. */
function licencesOf(inputs: readonly string[]): string {
  const packages = inputs
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set(packages)]
    .sort()
    .map((name) => {
      const folder = `node_modules/${name}`;
      const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
      const text =
        licence === undefined ? "See its package.json." : readFileSync(`${folder}/${licence}`, "utf8").trim();
      return `${name}\n${"=".repeat(name.length)}\n${text}\n`;
    })
    .join("\n");
}
