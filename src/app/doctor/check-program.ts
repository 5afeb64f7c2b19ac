import { DISK_WARN_BYTES } from "../../base/limits.ts";
import { type Check, each, finding, fine, note } from "./check.ts";
import { workingPlugin } from "./check-plugin.ts";
import type { Facts, HomeFacts, ProgramFacts } from "./facts.ts";
import { isBelow } from "./version.ts";

/** The node that the bundle is built for: `engines` in package.json. */
const NODE_VERSION_MIN = "20.19";
/** Git of 2021, which Debian 11 has: nothing that we ask is newer, and older ones are seldom. */
const GIT_VERSION_MIN = "2.30";
/** Inodes; a conversation takes a dozen. */
const DISK_WARN_FILES = 1_000;

/** What must be there before anything can work: a folder to write into, node, git, and the program that hooks call. */
export function checkProgram(facts: Facts): readonly Check[] {
  const { home, program, git } = facts;
  return [
    ...(home.kind === "none" && workingPlugin(facts) !== undefined ? [yetToCome(home)] : homeChecks(home)),
    nodeCheck(program),
    gitCheck(git),
    ...(program.isSetUp ? [programCheck(program), ...scriptChecks(program)] : []),
    ...certificateChecks(home),
  ];
}

/** The plugin makes the folder when it has something to remember. */
function yetToCome({ path }: HomeFacts): Check {
  return fine("home", `${path}, which comes with the first conversation`);
}

function homeChecks(home: HomeFacts): readonly Check[] {
  const { path, kind, open, foreign, leftovers } = home;
  if (kind === "none") {
    return [
      finding(
        "home",
        `${path} is not there: leftoff was never set up.`,
        "Run `leftoff init` in your project.",
      ),
    ];
  }
  if (kind === "unusable") {
    const fix =
      "Make it a folder that is yours and that you may write into, or set LEFTOFF_HOME to another one.";
    return [finding("home", `${path} is no folder that can be written into.`, fix)];
  }
  return [
    fine("home", path),
    diskCheck(home),
    ...each(open, fine("permissions", "yours alone"), ({ path: at, mode, wanted }) =>
      finding(
        "permissions",
        `${at} has mode ${octal(mode)}; ${octal(wanted)} keeps it yours alone.`,
        `\`leftoff doctor --fix\` sets it, as does \`chmod ${octal(wanted)}\`.`,
        "permissions",
      ),
    ),
    ...foreign
      .slice(0, 1)
      .map((at) =>
        finding(
          "permissions",
          `${at}${foreign.length > 1 ? ` (and ${foreign.length - 1} more)` : ""} belongs to another user.`,
          `Give it back with \`sudo chown -R "$(id -u)" ${path}\`; leftoff never needs sudo itself.`,
        ),
      ),
    ...leftovers
      .slice(0, 1)
      .map((at) =>
        finding(
          "leftovers",
          `A killed process left ${at} behind${leftovers.length > 1 ? ` (${leftovers.length} such files in all)` : ""}.`,
          "`leftoff doctor --fix` removes such files; nothing ever reads them.",
          "leftovers",
        ),
      ),
  ];
}

function diskCheck({ path, freeBytes, freeFiles }: HomeFacts): Check {
  const isFull =
    (freeBytes !== undefined && freeBytes < DISK_WARN_BYTES) ||
    // File systems that make inodes as they need them say 0 of 0.
    (freeFiles !== undefined && freeFiles < DISK_WARN_FILES);
  if (!isFull) return fine("disk", "enough room");
  const left = `${Math.floor((freeBytes ?? 0) / 1_000_000)} MB and ${freeFiles ?? "unknown"} files`;
  return finding(
    "disk",
    `There is room for ${left} only where ${path} lies.`,
    "Free some space: what does not fit is not kept.",
  );
}

function nodeCheck({ nodeVersion, isSetUp, installed, installedNodeVersion }: ProgramFacts): Check {
  if (isBelow(nodeVersion, NODE_VERSION_MIN)) {
    return finding("node", `This is node ${nodeVersion}.`, `Install node ${NODE_VERSION_MIN} or later.`);
  }
  if (!isSetUp || installed === undefined) return fine("node", `node ${nodeVersion}`);
  if (installedNodeVersion === undefined) {
    const fix = "`leftoff doctor --fix` makes the hooks call the node that runs now.";
    return finding("node", `Hooks call ${installed.node}, which is gone.`, fix, "program");
  }
  if (isBelow(installedNodeVersion, NODE_VERSION_MIN)) {
    const fix = `\`leftoff doctor --fix\`, run with node ${NODE_VERSION_MIN} or later, makes the hooks call that one.`;
    return finding(
      "node",
      `Hooks call ${installed.node}, which is node ${installedNodeVersion}.`,
      fix,
      "program",
    );
  }
  return fine("node", `node ${installedNodeVersion}, ${installed.node}`);
}

function gitCheck(git: string | undefined): Check {
  if (git === undefined) {
    return finding(
      "git",
      "git can't be run.",
      `Install git ${GIT_VERSION_MIN} or later: without it nobody says what changed since last time.`,
    );
  }
  return isBelow(git, GIT_VERSION_MIN)
    ? finding("git", `This is git ${git}.`, `Install git ${GIT_VERSION_MIN} or later.`)
    : fine("git", `git ${git}`);
}

const REINSTALL = "`leftoff doctor --fix` installs it anew, as does `leftoff init`.";

function programCheck({ installed, version, isSame, isWhole }: ProgramFacts): Check {
  if (installed === undefined) {
    return finding("program", "The program that hooks call is not installed.", REINSTALL, "program");
  }
  if (isBelow(version, installed.version)) {
    const fix = `Update this program: \`npm install --global leftoff@${installed.version}\`.`;
    return note("program", `Hooks call leftoff ${installed.version}; this is ${version}, an older one.`, fix);
  }
  if (!isWhole) {
    return finding("program", `${installed.runtime} is not whole.`, REINSTALL, "program");
  }
  if (isSame) return fine("program", `leftoff ${installed.version}`);
  return finding(
    "program",
    `Hooks call leftoff ${installed.version} in ${installed.runtime}; this is ${installed.version === version ? "another build of it" : version}.`,
    "`leftoff doctor --fix` makes them call this one, as does `leftoff init`.",
    "program",
  );
}

function scriptChecks({ wrongScripts }: ProgramFacts): readonly Check[] {
  return each(wrongScripts, fine("scripts", "as they should be"), (path) =>
    finding(
      "scripts",
      `${path} is missing, changed or not executable.`,
      "`leftoff doctor --fix` writes it anew, as does `leftoff init`.",
      "program",
    ),
  );
}

function certificateChecks({ extraCertificates }: HomeFacts): readonly Check[] {
  if (extraCertificates === undefined) return [];
  const fix =
    "Nothing to do: our hooks unset it. Commands that you type start slower by what node takes to read it.";
  return [note("certificates", `NODE_EXTRA_CA_CERTS is ${extraCertificates}.`, fix)];
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
