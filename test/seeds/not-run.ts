/** Shell blocks of the same parts that are not run, and why. */
export const NOT_RUN: readonly (readonly [where: string, why: string])[] = [
  [
    "seed 000, template, Useful Commands & Scripts",
    "npm scripts of the project that the template's example is about: generate-test-tokens, test:auth, check-token-expiry",
  ],
  [
    "seed 000, troubleshooting and seed 004, context parts: blocks without a language",
    "no shell: prompts and pages; the skill's phrases (test/manners.test.ts) and the readers of pages have them",
  ],
];
