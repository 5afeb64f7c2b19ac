import type { Agent } from "../agent/agent.ts";
import type { Clock } from "../base/clock.ts";
import type { ConversationId } from "../base/id.ts";
import type { Redactor } from "../redact/redact.ts";
import type { Store } from "../store/store.ts";
import type { Workspaces } from "../workspace/workspaces.ts";

/** An agent that calls, where a door knows that better than the environment says. */
export interface Caller {
  readonly agent: string;
  /** Undefined where it is not known which of its conversations this is. */
  readonly conversation: ConversationId | undefined;
}

/** What work says of itself before it begins, to the process that it runs in. */
export interface Pace {
  /** It is synchronous, and may take long or wait: a process that somebody waits for then sees to it that it ends. */
  mayTakeLong(): void;
  /** There is so much of it (READ_LONG_BYTES and more) that it pays to have its code optimized, too. */
  hasMuchToDo(): void;
}

/** What every use case gets: the ports, and where it was called from. Made by compose.ts only. */
export interface App extends Pace {
  /** Absolute path of LEFTOFF_HOME: every store lies below it. */
  readonly home: string;
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  readonly store: Store;
  readonly workspaces: Workspaces;
  readonly agent: Agent;
  readonly redactor: Redactor;
  /** Set by doors that outlive a conversation; else the environment says who calls. */
  readonly caller?: Caller;
}
