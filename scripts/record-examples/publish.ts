/** What is changed in a recording before it is published, and nothing else: paths, times, the vendor's own prompt text. */
export interface Publication {
  /** Replaced wherever it stands, longest first: the recorder's folders by those of the story. */
  readonly names: readonly { readonly from: string; readonly to: string }[];
  /** Time as recorded, in milliseconds since the epoch, from the first record to the last. */
  readonly recorded: { readonly fromMs: number; readonly toMs: number };
  readonly told: { readonly fromMs: number; readonly toMs: number };
}

/** Attachments that hold the client vendor's prompt text, and their fields with it. */
const VENDOR_TEXT: { readonly [attachment: string]: readonly string[] } = {
  agent_listing_delta: ["addedLines"],
  skill_listing: ["content"],
  deferred_tools_delta: ["addedLines"],
  task_reminder: ["content"],
  edited_text_file: [],
};

const ELIDED = "[elided: the client vendor's own prompt text]";
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @param transcript complete lines of JSON. */
export function publish(transcript: string, publication: Publication): string {
  const renamed = publication.names.reduce((text, { from, to }) => text.replaceAll(from, to), transcript);
  const lines = renamed.split("\n").filter((line) => line !== "");
  return lines.map((line) => `${JSON.stringify(publishRecord(JSON.parse(line), publication))}\n`).join("");
}

/** First and last time in a transcript. */
export function timesOf(transcript: string): { fromMs: number; toMs: number } {
  const times = transcript
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Date.parse((JSON.parse(line) as { timestamp?: string }).timestamp ?? ""))
    .filter((timeMs) => !Number.isNaN(timeMs));
  return { fromMs: Math.min(...times), toMs: Math.max(...times) };
}

function publishRecord(record: unknown, publication: Publication): unknown {
  return moveTimes(withoutVendorText(record), publication);
}

function withoutVendorText(record: unknown): unknown {
  const { attachment } = record as { attachment?: { readonly [field: string]: unknown } };
  const fields = VENDOR_TEXT[String(attachment?.type)];
  if (attachment === undefined || fields === undefined) return record;
  const elided = fields.map((field) => [field, Array.isArray(attachment[field]) ? [ELIDED] : ELIDED]);
  return { ...(record as object), attachment: { ...attachment, ...Object.fromEntries(elided) } };
}

/** Stretches the recording, a minute of work, to the hour that it tells of. Order and proportions stay. */
function moveTimes(value: unknown, publication: Publication): unknown {
  if (typeof value === "string") return ISO_TIME.test(value) ? movedTime(value, publication) : value;
  if (Array.isArray(value)) return value.map((part) => moveTimes(part, publication));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, moveTimes(part, publication)]),
  );
}

function movedTime(iso: string, { recorded, told }: Publication): string {
  const share = (Date.parse(iso) - recorded.fromMs) / (recorded.toMs - recorded.fromMs);
  return new Date(Math.round(told.fromMs + share * (told.toMs - told.fromMs))).toISOString();
}
