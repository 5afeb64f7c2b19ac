import {
  ALNUM,
  BASE64,
  classAt,
  classesIn,
  codeAt,
  countExamined,
  DIGIT,
  DOT,
  HEX,
  HYPHEN,
  LETTER,
  PERCENT,
  runEnd,
  startsWord,
  UNDERSCORE,
  UPPER,
  WORD_START_CHARS,
  WORDY,
} from "./chars.ts";
import { SEGMENT_CHARS } from "./landmarks.ts";
import type { Part, Scan, Trigger } from "./trigger.ts";
import { vain } from "./vain-looks.ts";

/**
 * Secrets that carry the name of who issued them: a fixed beginning and a run of characters. Beginnings are as the
 * providers document them; lengths are a little below the documented ones, so that a token cut off is caught too.
 */
interface TokenRule {
  readonly rule: string;
  readonly prefixes: readonly string[];
  /** Class of the characters after the beginning, and how many there are at least. */
  readonly body: number;
  readonly min: number;
  /** The beginning alone is too common: it must start a word, and what follows must look drawn at random. */
  readonly common?: true;
}

const TOKEN_RULES: readonly TokenRule[] = [
  { rule: "anthropic-key", prefixes: ["sk-ant-"], body: WORDY, min: 12 },
  {
    rule: "openai-key",
    prefixes: ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"],
    body: WORDY,
    min: 16,
  },
  { rule: "openrouter-key", prefixes: ["sk-or-v1-"], body: ALNUM, min: 32 },
  { rule: "openai-key", prefixes: ["sk-"], body: WORDY, min: 20, common: true },
  { rule: "github-token", prefixes: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], body: ALNUM, min: 30 },
  { rule: "github-token", prefixes: ["github_pat_"], body: ALNUM | UNDERSCORE, min: 22 },
  {
    rule: "gitlab-token",
    prefixes: [
      "glpat-",
      "gldt-",
      "glrt-",
      "glcbt-",
      "glptt-",
      "glft-",
      "glimt-",
      "glagent-",
      "gloas-",
      "glsoat-",
    ],
    body: WORDY | DOT,
    min: 18,
  },
  {
    rule: "aws-access-key",
    prefixes: ["AKIA", "ASIA", "ABIA", "ACCA"],
    body: UPPER | DIGIT,
    min: 16,
    common: true,
  },
  { rule: "aws-bedrock-key", prefixes: ["ABSKQmVkcm9ja"], body: BASE64, min: 40 },
  { rule: "google-key", prefixes: ["AIza"], body: WORDY, min: 35, common: true },
  { rule: "google-oauth", prefixes: ["ya29.", "GOCSPX-"], body: WORDY, min: 20 },
  {
    rule: "slack-token",
    prefixes: [
      "xoxb-",
      "xoxp-",
      "xoxa-",
      "xoxr-",
      "xoxs-",
      "xoxe-",
      "xoxc-",
      "xoxd-",
      "xoxo-",
      "xapp-",
      "xoxe.xoxp-",
      "xoxe.xoxb-",
    ],
    body: WORDY | BASE64 | PERCENT,
    min: 10,
  },
  {
    rule: "slack-webhook",
    prefixes: ["hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/"],
    body: WORDY | BASE64,
    min: 20,
  },
  {
    rule: "discord-webhook",
    prefixes: ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
    body: WORDY | BASE64,
    min: 40,
  },
  { rule: "teams-webhook", prefixes: ["webhook.office.com/webhookb2/"], body: WORDY | BASE64 | DOT, min: 40 },
  {
    rule: "stripe-key",
    prefixes: ["sk_live_", "rk_live_", "sk_test_", "rk_test_", "whsec_"],
    body: ALNUM,
    min: 14,
  },
  { rule: "npm-token", prefixes: ["npm_"], body: ALNUM, min: 30 },
  { rule: "pypi-token", prefixes: ["pypi-AgE"], body: WORDY, min: 30 },
  { rule: "huggingface-token", prefixes: ["hf_", "api_org_"], body: ALNUM, min: 30 },
  { rule: "sendgrid-key", prefixes: ["SG."], body: WORDY | DOT, min: 50, common: true },
  { rule: "digitalocean-token", prefixes: ["dop_v1_", "doo_v1_", "dor_v1_"], body: HEX, min: 40 },
  { rule: "shopify-token", prefixes: ["shpat_", "shpca_", "shppa_", "shpss_"], body: HEX, min: 30 },
  { rule: "tailscale-key", prefixes: ["tskey-"], body: WORDY, min: 16 },
  { rule: "linear-key", prefixes: ["lin_api_", "lin_oauth_"], body: ALNUM, min: 30 },
  { rule: "vercel-token", prefixes: ["vcp_", "vci_", "vca_", "vcr_", "vck_"], body: ALNUM, min: 24 },
  { rule: "vercel-token", prefixes: ["vercel_blob_rw_"], body: ALNUM | UNDERSCORE, min: 20 },
  { rule: "databricks-token", prefixes: ["dapi"], body: HEX, min: 32, common: true },
  { rule: "groq-key", prefixes: ["gsk_"], body: ALNUM, min: 40 },
  { rule: "xai-key", prefixes: ["xai-"], body: ALNUM, min: 60 },
  { rule: "perplexity-key", prefixes: ["pplx-"], body: ALNUM, min: 40 },
  { rule: "replicate-token", prefixes: ["r8_"], body: ALNUM, min: 30 },
  { rule: "nvidia-key", prefixes: ["nvapi-"], body: WORDY, min: 40 },
  { rule: "langsmith-key", prefixes: ["lsv2_pt_", "lsv2_sk_"], body: ALNUM | UNDERSCORE, min: 32 },
  { rule: "pinecone-key", prefixes: ["pcsk_"], body: ALNUM | UNDERSCORE, min: 32 },
  { rule: "sentry-token", prefixes: ["sntrys_", "sntryu_"], body: WORDY | BASE64, min: 40 },
  { rule: "grafana-token", prefixes: ["glsa_", "glc_eyJ"], body: ALNUM | UNDERSCORE | BASE64, min: 30 },
  { rule: "newrelic-key", prefixes: ["NRAK-", "NRII-", "NRJS-"], body: WORDY, min: 19 },
  { rule: "posthog-key", prefixes: ["phx_"], body: ALNUM, min: 30 },
  { rule: "doppler-token", prefixes: ["dp.pt.", "dp.st.", "dp.sa.", "dp.ct."], body: WORDY | DOT, min: 30 },
  { rule: "vault-token", prefixes: ["hvs.", "hvb.", "hvr."], body: WORDY, min: 24 },
  { rule: "terraform-token", prefixes: ["atlasv1."], body: WORDY, min: 40 },
  { rule: "pulumi-token", prefixes: ["pul-"], body: HEX, min: 40 },
  {
    rule: "planetscale-token",
    prefixes: ["pscale_tkn_", "pscale_pw_", "pscale_oauth_"],
    body: WORDY | DOT,
    min: 30,
  },
  { rule: "supabase-key", prefixes: ["sbp_", "sb_secret_"], body: ALNUM | UNDERSCORE | HYPHEN, min: 28 },
  { rule: "netlify-token", prefixes: ["nfp_", "nfc_", "nfo_"], body: ALNUM, min: 30 },
  { rule: "fly-token", prefixes: ["fo1_", "fm2_"], body: WORDY | BASE64, min: 40 },
  { rule: "figma-token", prefixes: ["figd_"], body: WORDY, min: 36 },
  { rule: "notion-token", prefixes: ["ntn_", "secret_"], body: ALNUM, min: 40 },
  { rule: "atlassian-token", prefixes: ["ATATT3", "ATCTT3"], body: WORDY, min: 60 },
  { rule: "bitbucket-token", prefixes: ["ATBB"], body: ALNUM, min: 28, common: true },
  { rule: "mailgun-key", prefixes: ["key-"], body: HEX, min: 32, common: true },
  { rule: "mapbox-token", prefixes: ["sk.eyJ"], body: WORDY | DOT, min: 40 },
  { rule: "postman-key", prefixes: ["PMAK-"], body: WORDY, min: 40 },
  { rule: "rubygems-key", prefixes: ["rubygems_"], body: HEX, min: 40 },
  { rule: "clojars-token", prefixes: ["CLOJARS_"], body: ALNUM, min: 50 },
  { rule: "docker-token", prefixes: ["dckr_pat_", "dckr_oat_"], body: WORDY, min: 20 },
  { rule: "square-token", prefixes: ["sq0atp-", "sq0csp-", "sq0idp-"], body: WORDY, min: 20 },
  { rule: "heroku-key", prefixes: ["HRKU-"], body: WORDY, min: 30 },
  { rule: "age-key", prefixes: ["AGE-SECRET-KEY-1"], body: ALNUM, min: 40 },
  { rule: "onepassword-token", prefixes: ["ops_eyJ"], body: WORDY, min: 60 },
  { rule: "sonar-token", prefixes: ["squ_", "sqp_", "sqa_"], body: HEX, min: 38 },
  { rule: "sourcegraph-token", prefixes: ["sgp_"], body: HEX | UNDERSCORE, min: 38 },
  { rule: "buildkite-token", prefixes: ["bkua_"], body: ALNUM, min: 36 },
  { rule: "circleci-token", prefixes: ["CCIPAT_"], body: ALNUM | UNDERSCORE, min: 36 },
  { rule: "resend-key", prefixes: ["re_"], body: ALNUM | UNDERSCORE, min: 28, common: true },
  { rule: "elevenlabs-key", prefixes: ["sk_"], body: HEX, min: 40, common: true },
];

/** How much of a token is looked at to tell whether it is one: enough for any, and a bound on hostile text. */
const JUDGED_CHARS_MAX = 256;
/** Where a token goes on for longer, what ends it says nothing: it is taken whatever it is, so that no rule waits for an end that is far. */
const ENDED_CHARS_MAX = 1_024;

/** What it costs to ask for three landmarks, in examined characters. */
const LANDMARKS_CHARS = 96;

/** One trigger for each beginning. */
export const tokenTriggers: readonly Trigger[] = triggersOf(TOKEN_RULES);

/** Loops, since every hook begins with this: V8 calls its runtime for each element that a `flatMap` puts into its result. */
function triggersOf(rules: readonly TokenRule[]): readonly Trigger[] {
  const triggers: Trigger[] = [];
  for (const rule of rules) {
    for (const literal of rule.prefixes) triggers.push(triggerOf(rule, literal));
  }
  return triggers;
}

function triggerOf(rule: TokenRule, literal: string): Trigger {
  return {
    literal,
    charsMin: literal.length + rule.min,
    match: (scan, at) => {
      // First of all, or each of the many beginnings inside one long run would measure the run again.
      const from = at + literal.length;
      if (rule.common && !startsWord(scan.text, at, scan.floor)) return vain(at - WORD_START_CHARS, from);
      const to = bodyEnd(scan, { at, from }, rule);
      return to === undefined ? undefined : { from: at, to, rule: rule.rule };
    },
  };
}

function bodyEnd(
  scan: Scan,
  { at, from }: { readonly at: number; readonly from: number },
  { body, min, common }: TokenRule,
): number | undefined {
  const { text } = scan;
  if (!common) {
    const enough = runEnd(text, from, body, min);
    return enough - from < min ? vain(at, enough + 1) : runEnd(text, enough, body);
  }
  const wordFrom = at - WORD_START_CHARS;
  // A decoded text is short most of the time: what comes now costs more than such a one itself.
  if (text.length - from < min) return vain(wordFrom, from + min);
  countExamined(LANDMARKS_CHARS);
  // Mixed of letters and digits, with many in a row. This is asked for before the run is measured: a body with dots holds many beginnings.
  const next = scan.next();
  const mixedTo = Math.max(next.digit(from) + 1, next.segment(from) + SEGMENT_CHARS);
  const to = next.endOf(body)(from);
  if (mixedTo > from + JUDGED_CHARS_MAX) return vain(wordFrom, Math.min(to + 1, from + JUDGED_CHARS_MAX));
  const judgedTo = Math.min(to, from + JUDGED_CHARS_MAX);
  if (to - from < min || mixedTo > judgedTo) return vain(wordFrom, to + 1);
  if ((classesIn(text, from, judgedTo) & LETTER) === 0) return vain(wordFrom, to + 1);
  // Ended by no further letter.
  return to - from > ENDED_CHARS_MAX || (classAt(text, to) & ALNUM) === 0 ? to : vain(wordFrom, to + 1);
}

let triggersByBeginning: ReadonlyMap<number, readonly Trigger[]> | undefined;

/** Made when a secret is found first: most processes find none. */
function byBeginning(): ReadonlyMap<number, readonly Trigger[]> {
  if (triggersByBeginning !== undefined) return triggersByBeginning;
  const made = new Map<number, Trigger[]>();
  for (const trigger of tokenTriggers) {
    const beginning = beginningAt(trigger.literal, 0);
    made.set(beginning, [...(made.get(beginning) ?? []), trigger]);
  }
  triggersByBeginning = made;
  return made;
}

/** Three characters as a number, which is looked up in a third of the time that a slice takes. */
function beginningAt(text: string, at: number): number {
  return codeAt(text, at) | (codeAt(text, at + 1) << 7) | (codeAt(text, at + 2) << 14);
}

/** No token is shorter. */
const TOKEN_CHARS_MIN = 15;

/** The rule of the token that a value begins with, for callers that know a secret is there and want its better name. */
export function tokenRuleAt({ text, next }: Scan, { from, to }: Part): string | undefined {
  // What ends a value is in no token.
  if (to - from < TOKEN_CHARS_MIN) return undefined;
  return byBeginning()
    .get(beginningAt(text, from))
    ?.find(({ literal }) => text.startsWith(literal, from))
    ?.match({ text, floor: from, next }, from)?.rule;
}
