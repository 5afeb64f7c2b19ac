import fc from "fast-check";

/**
 * The same random values in every run, so that what is green here is green in CI and a failure is the change's own.
 * `LEFTOFF_SEED=random npm run test:unit` searches further; any number repeats a search.
 */
const wanted = process.env.LEFTOFF_SEED;
if (wanted !== "random")
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted ?? 20_261_121) });
