/** The borders of ARCHITECTURE.md, held by a machine. A rule's comment says what breaks without it. */
const CORE = "^src/(base|session|document|redact|distill|recall|publish|memory|agent)/";
const DOORS = "^src/(cli|hooks|mcp)/";
const TESTS = "\\.(test|contract)\\.ts$";
const IO =
  "^(node:)?(fs|fs/promises|net|http|https|child_process|os|process|timers|timers/promises|readline|worker_threads)$";

const rule = (name, comment, from, to) => ({ name, severity: "error", comment, from, to });

module.exports = {
  forbidden: [
    rule("no-cycles", "Modules in a cycle are one module.", {}, { circular: true }),
    rule(
      "base-is-the-floor",
      "base/ is what the standard library lacks.",
      { path: "^src/base/" },
      { path: "^src/(?!base/)" },
    ),
    rule(
      "core-does-no-io",
      "The core decides, the shell acts: only agent/*/source.ts reads what agents wrote, and setup.ts asks where home is.",
      { path: CORE, pathNot: `${TESTS}|^src/agent/[^/]+/(source|setup)\\.ts$` },
      { path: IO },
    ),
    rule(
      "core-looks-down",
      "The core never imports what uses it.",
      { path: CORE, pathNot: TESTS },
      {
        path: "^src/(?!(base|session|document|redact|distill|recall|publish|memory|agent)/|store/store\\.ts)",
      },
    ),
    rule(
      "recall-and-document-do-not-meet",
      "The brief and the document are two views of the same notes.",
      { path: "^src/(recall|document)/" },
      { path: "^src/(recall|document)/", pathNot: "^src/$1/" },
    ),
    rule(
      "only-disk-writes",
      "Every write is one append or one replace, with its failpoints.",
      { path: "^src/", pathNot: `^src/disk/|${TESTS}` },
      { path: "^(node:)?fs/promises$" },
    ),
    rule(
      "app-sees-ports",
      "Use cases see store.ts and agent.ts, never an adapter.",
      { path: "^src/app/", pathNot: TESTS },
      { path: "^src/(store/local|agent/[^/]+)/" },
    ),
    rule(
      "app-looks-down",
      "Use cases do not know who calls them.",
      { path: "^src/app/", pathNot: TESTS },
      {
        path: `${DOORS}|^src/(compose|compose-setup|compose-packing|command-process|leftoff|status|main|index)\\.ts`,
      },
    ),
    rule(
      "doors-do-not-meet",
      "What two doors share belongs to app/.",
      { path: "^src/(cli|hooks|mcp)/" },
      { path: DOORS, pathNot: "^src/$1/" },
    ),
    rule(
      "doors-do-not-store",
      "A door calls use cases.",
      { path: DOORS, pathNot: TESTS },
      { path: "^src/store/" },
    ),
    rule(
      "only-compose-picks-adapters",
      "Who plugs in what is said in one place.",
      { path: "^src/", pathNot: `^src/(compose(-setup|-hook|-packing)?\\.ts|store/local/|agent/)|${TESTS}` },
      { path: "^src/(store/local|agent/[^/]+)/" },
    ),
    rule(
      "hooks-load-no-packages",
      "A hook starts in milliseconds or people switch it off: uuid is the only package it may load.",
      { path: "^src/hooks/(hook|front|engine)\\.ts$" },
      { path: "^node_modules/(?!uuid/)", reachable: true },
    ),
    rule(
      "status-loads-no-packages",
      "What `leftoff status` loads is most of its time: uuid and picocolors, which has the terminal's colours, are all.",
      { path: "^src/(leftoff|status)\\.ts$" },
      { path: "^node_modules/(?!(uuid|picocolors)/)", reachable: true },
    ),
    rule(
      "no-unlisted-dependency",
      "What is not in package.json is not there.",
      {},
      { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"] },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: false,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
