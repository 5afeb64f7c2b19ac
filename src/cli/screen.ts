import pc from "picocolors";

/** Where a command's answer goes, and how it may look there. */
export interface Screen {
  /** One JSON document on standard output instead of text. */
  readonly json: boolean;
  /** Colours and tables are for a terminal that wants them. */
  readonly style: Style;
  /** How wide the terminal is; undefined where standard output is none: what reads it wants whole lines. */
  readonly columns: number | undefined;
  /** Data: standard output. */
  print(text: string): void;
  /** Talk: standard error; nothing with --json. */
  say(text: string): void;
}

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** In a narrower terminal the terminal itself breaks lines. */
const COLUMNS_MIN = 40;

/** The screen of this process: its standard output and standard error. */
export function processScreen(json: boolean): Screen {
  const isTerminal = process.stdout.isTTY === true;
  return {
    json,
    style: pc.createColors(pc.isColorSupported && isTerminal),
    columns: isTerminal ? Math.max(process.stdout.columns || 80, COLUMNS_MIN) : undefined,
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => void (json || process.stderr.write(`${text}\n`)),
  };
}
