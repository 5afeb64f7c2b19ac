import { type CaptureScope, switchCapture } from "../app/capture-switch.ts";
import { type Given, type Run, show } from "./door.ts";

export const on: Run = run(true);
export const off: Run = run(false);

function run(isOn: boolean): Run {
  return async (door, given) => {
    const scope = scopeOf(given);
    const where = await switchCapture(door.app, { on: isOn, scope });
    show(
      door,
      { schema: "leftoff.capture/1", on: isOn, scope: scope.kind } as { schema: string },
      () => `Capture is ${isOn ? "on" : "off"} ${where}.`,
    );
  };
}

function scopeOf({ options }: Given): CaptureScope {
  const { session, here } = options;
  if (session !== undefined)
    return { kind: "session", session: typeof session === "string" ? session : undefined };
  return { kind: here === true ? "here" : "everywhere" };
}
