import type { Ran } from "./box.ts";

/** What one headless conversation left: the process's end and the client's own events. */
export interface ClaudeRun extends Ran {
  readonly events: readonly ClientEvent[];
  /** The conversation's id; "" if the client ended before it told one. */
  readonly conversation: string;
  /** The agent's final text. */
  readonly answer: string;
  /** What every hook printed and how it ended. */
  readonly hooks: readonly HookResponse[];
}

/** One line of `--output-format stream-json`; fields as the client names them. */
export interface ClientEvent {
  readonly type: string;
  readonly subtype?: string;
  readonly session_id?: string;
  readonly result?: string;
  readonly permission_denials?: readonly { readonly tool_name: string }[];
}

export interface HookResponse extends ClientEvent {
  readonly hook_event: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit_code: number;
  readonly outcome: string;
}

export function readRun(ran: Ran): ClaudeRun {
  const events = ran.stdout.split("\n").flatMap(parseEvent);
  return {
    ...ran,
    events,
    conversation: events.findLast((event) => event.session_id !== undefined)?.session_id ?? "",
    answer: events.findLast((event) => event.type === "result")?.result ?? "",
    hooks: events.filter((event): event is HookResponse => event.subtype === "hook_response"),
  };
}

/** Tools that the client would have asked a person for: nobody is there to be asked, so they were refused. */
export function deniedTools({ events }: ClaudeRun): readonly string[] {
  const result = events.findLast(({ type }) => type === "result");
  return result?.permission_denials?.map(({ tool_name }) => tool_name) ?? [];
}

/** A line that is not JSON is talk of the client's; the last one is torn if it was killed. */
function parseEvent(line: string): readonly ClientEvent[] {
  try {
    return [JSON.parse(line) as ClientEvent];
  } catch {
    return [];
  }
}
