import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The oldest client that leftoff promises to work with, and what npm gives to Node 20. */
export const CLAUDE_VERSION = "2.1.197";

/** Those that the agent tests run on: the oldest, and a later one that forks, delegates and defers tools in other ways. */
const CLAUDE_VERSIONS = [CLAUDE_VERSION, "2.1.329"];

/** Versions that the person asked for, `LEFTOFF_TEST_CLAUDE=2.1.197` or several with commas; all where they did not. */
export function wantedVersions(): readonly string[] {
  const wanted = process.env.LEFTOFF_TEST_CLAUDE?.split(",").map((version) => version.trim());
  return wanted?.some((version) => version !== "") === true ? wanted : CLAUDE_VERSIONS;
}

/**
 * Path of the real Claude Code, installed from npm into a cache folder if it is not there yet (250 to 400 MB, once).
 *
 * The native binary is called as it is: the package's own launcher and its postinstall script are not needed.
 *
 * @param report told what takes long, in sentences for a person.
 * @throws Error with what npm said, and how to go without.
 */
export async function installClaude(
  report: (line: string) => void,
  version = CLAUDE_VERSION,
): Promise<string> {
  const folder = join(clientsFolder(), `claude-${version}`);
  const binary = join(folder, "node_modules", "@anthropic-ai", platformPackage(), "claude");
  if (isExecutable(binary)) return binary;

  report(`Installing Claude Code ${version} for the agent tests into ${folder} (250 to 400 MB, once).`);
  const startedAtMs = Date.now();
  await installInto(folder, `@anthropic-ai/claude-code@${version}`);
  if (!isExecutable(binary)) throw unavailable(`npm installed the package but not ${binary}.`);
  report(`Installed in ${Math.round((Date.now() - startedAtMs) / 1000)} s.`);
  return binary;
}

/** The programs of the official conformance suite: its command, and the Node 22 that it needs. */
export interface Conformance {
  readonly node: string;
  readonly program: string;
}

const CONFORMANCE = "@modelcontextprotocol/conformance@0.1.16";

/** MCP's conformance suite, installed as the clients are; with Node 22 from npm where this one is older (Linux only). */
export async function installConformance(report: (line: string) => void): Promise<Conformance> {
  const folder = join(clientsFolder(), "mcp-conformance-0.1.16");
  const program = join(folder, "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js");
  const isOld = Number(process.versions.node.split(".")[0]) < 22;
  const nodePackage = `node-${process.platform}-${process.arch}`;
  const node = isOld ? join(folder, "node_modules", nodePackage, "bin", "node") : process.execPath;
  if (!existsSync(program) || !isExecutable(node)) {
    report(`Installing ${CONFORMANCE} into ${folder} (200 MB, once).`);
    await installInto(folder, CONFORMANCE, ...(isOld ? [`${nodePackage}@22`] : []));
  }
  return { node, program };
}

/** Other agents, with the version whose settings were looked at, and where their program lies. */
const OTHER_AGENTS = {
  codex: { packages: ["@openai/codex@0.169.0"], program: ".bin/codex" },
  gemini: { packages: ["@google/gemini-cli@0.61.0"], program: ".bin/gemini" },
  // Its launcher needs a postinstall script; the binary of the platform does not.
  opencode: {
    packages: [`opencode-${process.platform}-${process.arch}@1.18.33`],
    program: `opencode-${process.platform}-${process.arch}/bin/opencode`,
  },
} as const;
export type OtherAgent = keyof typeof OTHER_AGENTS;

/** Path of another agent's program, installed as Claude Code is (100 to 400 MB and 5 to 20 s each, once). */
export async function installOtherAgent(agent: OtherAgent, report: (line: string) => void): Promise<string> {
  const { packages, program } = OTHER_AGENTS[agent];
  const folder = join(clientsFolder(), `${agent}-${packages[0].split("@").at(-1)}`);
  const path = join(folder, "node_modules", program);
  if (isExecutable(path)) return path;
  report(`Installing ${packages[0]} for the agent tests into ${folder} (100 to 400 MB, once).`);
  await installInto(folder, ...packages);
  if (!isExecutable(path)) throw unavailable(`npm installed the package but not ${path}.`);
  return path;
}

/** Kept between runs and shared by all clones; `LEFTOFF_TEST_CLIENTS` puts it elsewhere. */
function clientsFolder(): string {
  const { LEFTOFF_TEST_CLIENTS, XDG_CACHE_HOME } = process.env;
  return LEFTOFF_TEST_CLIENTS ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "leftoff-test-clients");
}

/** As Claude Code's own installer names it: one package of binaries for each platform, musl apart. */
function platformPackage(): string {
  const libc = process.platform === "linux" && !hasGlibc() ? "-musl" : "";
  return `claude-code-${process.platform}-${process.arch}${libc}`;
}

function hasGlibc(): boolean {
  const report = process.report.getReport() as {
    readonly header?: { readonly glibcVersionRuntime?: string };
  };
  return report.header?.glibcVersionRuntime !== undefined;
}

/** In a folder of its own, then renamed: an install that was cut short is never taken for a whole one. */
async function installInto(folder: string, ...packageSpecs: readonly string[]): Promise<void> {
  const parent = join(folder, "..");
  mkdirSync(parent, { recursive: true });
  const temporary = mkdtempSync(join(parent, ".installing-"));
  try {
    await installTrying(temporary, packageSpecs);
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** A registry far away breaks off now and then; npm goes on with what it has. */
async function installTrying(prefix: string, packageSpecs: readonly string[]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await npmInstall(prefix, packageSpecs);
      return;
    } catch (error) {
      if (tries === INSTALL_TRIES) throw error;
    }
  }
}

const INSTALL_TRIES = 3;

function npmInstall(prefix: string, packageSpecs: readonly string[]): Promise<void> {
  const flags = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  return new Promise((resolve, reject) => {
    const npm = spawn("npm", ["install", ...flags, "--prefix", prefix, ...packageSpecs], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    npm.stdout.on("data", (data) => {
      said += data;
    });
    npm.stderr.on("data", (data) => {
      said += data;
    });
    npm.on("error", (cause) => reject(unavailable("npm could not be started.", cause)));
    npm.on("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          unavailable(
            `npm install ${packageSpecs.join(" ")} ended with ${code}: ${said.trim().slice(-2_000)}`,
          ),
        );
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function unavailable(what: string, cause?: unknown): Error {
  return new Error(
    `The agent tests need the real Claude Code. ${what} Set LEFTOFF_SKIP_AGENTS=1 to skip them.`,
    { cause },
  );
}
