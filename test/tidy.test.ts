import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { readErrors } from "../scripts/docs/errors.ts";
import { readLimits } from "../scripts/docs/limits.ts";
import { exportedNames } from "../scripts/docs/source.ts";
import { COMMANDS, RESERVED } from "../src/cli/vocabulary.ts";

// What the house promises about itself. One sentence a promise; each was once a remark in a review, or would become one.

const ROOT = join(import.meta.dirname, "..");
/**
 * What the programs may weigh that somebody waits for: they are read and compiled while somebody waits. hook.cjs, which node compiles anew each
 * time, has 1 kB. When this was chosen front.cjs had 15 kB, and engine.cjs, which comes with compiled code, 250 kB. It had 326 kB when memory, partitions and sources came in; 7 kB
 * more made no difference to how long it takes to load (24 ms without compiled code, the fastest of 25 each). With the board and the
 * context page in it, 27 kB more, it took 26 ms of processor time where it had taken 25; 404 kB leave room for what makes it quicker: what is
 * not run is only read, 10 kB in some 15 us, and the last 2 kB (what redaction remembers of its looks) halve the time of what it reads. leftoff.cjs is read before every command (7 kB when it came in), status.cjs (160 kB) for one, and
 * status-whole.cjs (340 kB) for that one where something is new.
 */
const AWAITED_PROGRAMS = [
  ["dist/hook.cjs", 2 * 1024],
  ["dist/front.cjs", 24 * 1024],
  ["dist/engine.cjs", 404 * 1024],
  ["dist/leftoff.cjs", 12 * 1024],
  ["dist/status.cjs", 192 * 1024],
  ["dist/status-whole.cjs", 384 * 1024],
] as const;
const FILE_LINES_MAX = 500;
const NOT_OURS = /(?:^|\/)(?:node_modules|dist|\.git|coverage)(?:\/|$)/;

const files: readonly string[] = filesBelow("");
const sources = files.filter((path) => path.startsWith("src/") && path.endsWith(".ts"));
const scripts = files.filter((path) => /^(?:src|test|scripts|bench)\/.*\.ts$/.test(path));
const pages = files.filter((path) => path.endsWith(".md") && !/^(?:test|examples|scripts)\//.test(path));
const manifest = JSON.parse(read("package.json")) as Manifest;

interface Manifest {
  readonly scripts: { readonly [name: string]: string };
  readonly [kind: string]: { readonly [name: string]: string } | string | readonly string[];
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (NOT_OURS.test(path)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function foldersIn(folder: string): readonly string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Lines that are none of ours, as `path:line`. */
function linesWith(paths: readonly string[], isWrong: (line: string) => boolean): readonly string[] {
  return paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) => (isWrong(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

/** Code blocks of a page by the language of their fence ("" where it names none), and what stands between backticks. */
function codeIn(path: string): readonly { readonly language: string; readonly text: string }[] {
  const text = read(path);
  const blocks = [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)];
  const prose = text.replaceAll(/^```[^\n]*\n[\s\S]*?^```$/gm, "");
  return [
    ...blocks.map(([, language = "", block = ""]) => ({ language, text: block })),
    ...[...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => ({ language: "span", text: span })),
  ];
}

test("every folder of src/ has its paragraph in ARCHITECTURE.md, and every such paragraph its folder", () => {
  const paragraphs = [...read("ARCHITECTURE.md").matchAll(/^### src\/([\w-]+)\/\n\n\S/gm)].map(
    ([, name]) => name,
  );
  expect(paragraphs.sort()).toEqual([...foldersIn("src")].sort());
});

test("every other folder is named in ARCHITECTURE.md", () => {
  const text = read("ARCHITECTURE.md");
  const others = foldersIn("").filter(
    (name) => !name.startsWith(".") && name !== "src" && !NOT_OURS.test(name),
  );
  expect(others.filter((name) => !text.includes(`\`${name}/\``))).toEqual([]);
});

test("no file of src/ is longer than 500 lines", () => {
  expect(sources.filter((path) => read(path).split("\n").length - 1 > FILE_LINES_MAX)).toEqual([]);
});

test("nothing in src/ is named after having no place", () => {
  const homeless = /^(?:utils?|common|shared|services?|helpers?|types?|misc|lib)$/;
  const parts = sources.flatMap((path) => path.slice(0, -".ts".length).split("/"));
  expect(parts.filter((part) => homeless.test(part.split(".")[0] ?? ""))).toEqual([]);
});

test("only src/disk writes files", () => {
  // Standard output, and the temporary folder that `try` works in.
  const allowed = [
    "src/hooks/front.ts: writeSync",
    "src/cli/plain-screen.ts: writeSync",
    "src/cli/try.ts: mkdtempSync",
  ];
  const writes =
    /^(?:promises|default|write\w*|append\w*|mk\w+|rm\w*|unlink\w*|rename\w*|copy\w*|cp\w*|f?truncate\w*|l?f?ch(?:mod|own)\w*|link\w*|symlink\w*|l?f?utimes\w*|createWriteStream)$/;
  const found = sources
    .filter((path) => !path.startsWith("src/disk/") && !/\.(?:test|contract|arbitrary)\.ts$/.test(path))
    .flatMap((path) =>
      [...read(path).matchAll(/^import ([^;]*?) from "(?:node:)?fs(\/promises)?";/gm)].flatMap(
        ([, what = "", promises]) =>
          promises !== undefined || !what.startsWith("{")
            ? [`${path}: ${what}`]
            : (what.match(/\w+/g) ?? [])
                .filter((name) => writes.test(name))
                .map((name) => `${path}: ${name}`),
      ),
    );
  expect(found.filter((one) => !allowed.includes(one))).toEqual([]);
});

test("index.ts is the library's and nobody else's", () => {
  expect(sources.filter((path) => basename(path) === "index.ts")).toEqual(["src/index.ts"]);
});

test("every error code says what it means", () => {
  const silent = readErrors().filter(({ meaning }) => !meaning.endsWith("."));
  expect(silent.map(({ code }) => code)).toEqual([]);
});

test("every limit says its unit in its name and, in a sentence, why it has its value", () => {
  const vague = readLimits().filter(
    ({ unit, why, value }) => unit === undefined || !why.endsWith(".") || !(value > 0),
  );
  expect(vague.map(({ name }) => name)).toEqual([]);
});

test("what is left to do has the number of an issue", () => {
  const left = (line: string) =>
    /(?:^\s*\/?\*{1,2}|(?:^|\s)\/\/)\s.*\b(?:TODO|FIXME|HACK)\b/.test(line) && !/#\d+/.test(line);
  expect(linesWith(scripts, left)).toEqual([]);
});

test("no exported name uses a word that the glossary gives to nothing", () => {
  // What an agent calls a handler is one.
  const exported = sources.filter((path) => !path.includes(".test.") && !path.startsWith("src/agent/"));
  const wrong = exported.flatMap((path) =>
    exportedNames(join(ROOT, path))
      .filter(isForbidden)
      .map((name) => `${path}: ${name}`),
  );
  expect(wrong).toEqual([]);
});

function isForbidden(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[ _]/);
  const isBare = (word: string, index: number) => /^branch(?:es)?$/.test(word) && words[index - 1] !== "git";
  const meaningless =
    /^(?:data|info|managers?|handlers?|helpers?|utils?|services?|chats?|threads?|memos?|backups?|logins?)$/;
  return words.some((word, index) => isBare(word, index) || meaningless.test(word));
}

test("what the glossary forbids is what this test forbids", () => {
  const section =
    read("docs/glossary.md").split("## Words that are not used")[1]?.split("Each is either")[0] ?? "";
  const words = [...section.matchAll(/`([a-z]+)`/g)]
    .map(([, word = ""]) => word)
    .filter((word) => word !== "git");
  expect(words.length).toBeGreaterThan(10);
  expect(words.filter((word) => !isForbidden(word))).toEqual([]);
});

test("CLAUDE.md is AGENTS.md", () => {
  expect(read("CLAUDE.md")).toBe("@AGENTS.md\n");
});

test("nothing here depends on a folder beside the repository", () => {
  const outside = ["..", "shared"].join("/");
  const absolute = ["", "work", "shared"].join("/");
  const ours = files.filter((path) => /\.(?:ts|md|json|cjs|sh)$/.test(path) || path.startsWith(".ci/"));
  expect(linesWith(ours, (line) => line.includes(outside) || line.includes(absolute))).toEqual([]);
});

test("versions in package.json are exact", () => {
  const {
    devDependencies = {},
    dependencies = {},
    optionalDependencies = {},
  } = manifest as Record<string, object>;
  const all = Object.entries({ ...devDependencies, ...dependencies, ...optionalDependencies });
  expect(all.length).toBeGreaterThan(0);
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
});

test("nothing is installed beside leftoff: what it uses is in its bundle, and has its row in decision 3", () => {
  expect(manifest.dependencies).toBeUndefined();
  const rows = read("docs/decisions/0003-runtime-dependencies-none.md");
  const imported = sources
    .filter((path) => !/\.(?:test|contract|arbitrary)\.ts$/.test(path))
    .flatMap((path) => [...read(path).matchAll(/from "([a-z@][^":]*)"/g)].map(([, name = ""]) => name));
  expect([...new Set(imported)].filter((name) => !rows.includes(`| \`${name}\` `))).toEqual([]);
});

test.skipIf(!existsSync(join(ROOT, "dist/hook.cjs"))).each(AWAITED_PROGRAMS)(
  "%s, which somebody waits for, is small and holds no schema library",
  (path, bytesMax) => {
    expect(statSync(join(ROOT, path)).size).toBeLessThan(bytesMax);
    const text = read(path);
    // Words of zod, jsonc-parser and commander that no minifier changes.
    for (const telltale of ["ZodError", "InvalidCommentToken", "CommanderError"])
      expect(text).not.toContain(telltale);
  },
);

test("every JSON example of a format page parses", () => {
  const examples = pages.filter((path) => path.startsWith("docs/formats/")).flatMap(codeIn);
  const whole = examples.filter(({ language }) => language === "json").map(({ text }) => text);
  const lines = examples
    .filter(({ language }) => language.startsWith("jsonl") && !language.includes("damaged"))
    .flatMap(({ text }) => text.trimEnd().split("\n"));
  expect(whole.length).toBeGreaterThan(0);
  for (const text of [...whole, ...lines]) expect(() => JSON.parse(text), text).not.toThrow();
});

test("documents name commands and scripts that exist", () => {
  const known = new Set([...COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases])]);
  const named = pages
    .filter((path) => !/^docs\/(?:reference|formats)\//.test(path))
    .flatMap((path) => codeIn(path).map((code) => ({ path, ...code })));
  const wrong = named.flatMap(({ path, text }) =>
    [
      ...[...text.matchAll(/(?:^|&& |\$ |npx )leftoff ([a-z]+)/gm)].filter(
        ([, name = ""]) => !known.has(name),
      ),
      ...[...text.matchAll(/npm run ([\w:]+)/g)].filter(
        ([, name = ""]) => !Object.hasOwn(manifest.scripts, name),
      ),
    ].map(([found]) => `${path}: ${found}`),
  );
  expect(wrong).toEqual([]);
});

test("no word is both built and reserved", () => {
  expect(COMMANDS.filter(({ name }) => RESERVED.includes(name))).toEqual([]);
});

test("every row of what shares what names its test, and every test of that is in a row", () => {
  const rows = read("docs/guides/identity.md")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2);
  const named = rows.map((row) => row.split("|").at(-2)?.trim() ?? "");
  const testsIn = (path: string) =>
    Array.from(read(path).matchAll(/^test\("(.+)", /gm), ([, name = ""]) => name);
  const own = testsIn("src/app/identity.test.ts");
  expect(
    named.filter((name) => ![...own, ...testsIn("src/workspace/identity.test.ts")].includes(name)),
  ).toEqual([]);
  expect(own.filter((name) => !named.includes(name))).toEqual([]);
});

test("links in documents lead somewhere", () => {
  const broken = pages.flatMap((path) =>
    [...read(path).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target.split("#")[0] ?? "")
      .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(ROOT, normalize(join(dirname(path), target)))))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test("pages that comments point at exist", () => {
  const named = scripts.flatMap((path) =>
    [...read(path).matchAll(/\bdocs\/(?:formats|decisions|reference)\/[\w-]+\.md/g)].map(([page]) => page),
  );
  expect([...new Set(named)].filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
});

test("decisions are numbered without gaps, and say their number", () => {
  const decisions = pages.filter((path) => path.startsWith("docs/decisions/")).sort();
  const numbers = decisions.map((path) => basename(path).slice(0, 4));
  expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, "0")));
  for (const path of decisions) expect(read(path)).toMatch(new RegExp(`^# ${basename(path).slice(0, 4)}: `));
});

test("npm ci takes the lock: every optional package of every platform is in it", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: { [path: string]: { optionalDependencies?: { [name: string]: string } } };
  };
  const wanted = Object.values(packages).flatMap(({ optionalDependencies }) =>
    Object.keys(optionalDependencies ?? {}),
  );
  expect(wanted.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
});
