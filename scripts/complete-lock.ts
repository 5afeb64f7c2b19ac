import { readFileSync, writeFileSync } from "node:fs";

/**
 * Adds to package-lock.json the optional packages of other platforms that the registry in use does not carry: `npm ci`
 * refuses a lock that lacks them, though it never asks for them. Run it after a dependency has changed.
 */
interface LockEntry {
  readonly version?: string;
  readonly optionalDependencies?: { readonly [name: string]: string };
  readonly [key: string]: unknown;
}

const SYSTEMS = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "openharmony",
  "win32",
  "sunos",
  "aix",
  "netbsd",
  "openbsd",
];
const PROCESSORS = ["arm64", "x64", "ia32", "arm", "ppc64", "riscv64", "s390x", "loong64", "wasm32"];

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: { [path: string]: LockEntry };
};
const wanted = Object.values(lock.packages).flatMap((entry) =>
  Object.entries(entry.optionalDependencies ?? {}),
);
const missing = wanted.filter(([name]) => lock.packages[`node_modules/${name}`] === undefined);
for (const [name, version] of missing) lock.packages[`node_modules/${name}`] = entryFor(name, version);
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`complete-lock: added ${missing.length} packages of other platforms`);

/** What a platform's package is for stands in its name: `@biomejs/cli-linux-x64-musl`. */
function entryFor(name: string, version: string): LockEntry {
  const parts = name.split(/[/-]/);
  const os = SYSTEMS.filter((system) => parts.includes(system));
  const cpu = PROCESSORS.filter((processor) => parts.includes(processor));
  return {
    version: version.replace(/^[~^]/, ""),
    dev: true,
    license: "MIT",
    optional: true,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(os.length > 0 ? { os } : {}),
    ...(parts.includes("musl") ? { libc: ["musl"] } : {}),
  };
}
