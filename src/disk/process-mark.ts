import { readFileSync, readlinkSync } from "node:fs";
import { errnoOf } from "../base/error.ts";
import { asObject, type JsonObject, numberField, stringField } from "../base/parse.ts";

/**
 * Names a process for good: a process id alone is given to another process sooner or later (every 32,768 starts on some
 * machines), together with the start time it never is, within one boot.
 */
export interface ProcessMark {
  readonly pid: number;
  /** Linux: clock ticks after boot, field 22 of proc_pid_stat(5). macOS: `ps -o lstart`. Undefined where it cannot be had. */
  readonly startTime: string | undefined;
  /** Linux: /proc/sys/kernel/random/boot_id. Undefined elsewhere: there the start time is a date, different after a boot. */
  readonly bootId: string | undefined;
  /** Linux: the namespace in which `pid` means something; a container or a sandbox has its own. */
  readonly pidNamespace: string | undefined;
}

/** `unreachable`: in another PID namespace, where nobody here can look. */
export type Life = "alive" | "dead" | "unreachable";

/** The mark of this process. */
export function ownMark(): ProcessMark {
  own ??= {
    pid: process.pid,
    startTime: ownStartTime(),
    bootId: onLinux(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()),
    pidNamespace: onLinux(() => readlinkSync("/proc/self/ns/pid")),
  };
  return own;
}

let own: ProcessMark | undefined;

/** When this process began, for whoever needs no more of its mark: an unfinished file is named by it, and a hook that prints a brief writes one. */
export function ownStartTime(): string | undefined {
  ownStart ??= { time: statusOf(process.pid)?.startTime };
  return ownStart.time;
}

let ownStart: { readonly time: string | undefined } | undefined;

/** Whether the process with this mark still runs. A zombie does not: it will never do anything again. */
export function lifeOf(mark: ProcessMark): Life {
  const { bootId, pidNamespace } = ownMark();
  if (mark.bootId !== bootId) return "dead";
  if (mark.pidNamespace !== pidNamespace) return "unreachable";
  const status = statusOf(mark.pid);
  if (status === undefined) return isSignalable(mark.pid) ? "alive" : "dead";
  if (status.ended) return "dead";
  return mark.startTime === undefined || mark.startTime === status.startTime ? "alive" : "dead";
}

/** The mark in a JSON object; undefined where there is none. */
export function markIn(object: JsonObject | undefined): ProcessMark | undefined {
  const pid = numberField(asObject(object), "pid");
  if (pid === undefined || !Number.isInteger(pid) || pid <= 0) return undefined;
  return {
    pid,
    startTime: stringField(object, "startTime"),
    bootId: stringField(object, "bootId"),
    pidNamespace: stringField(object, "pidNamespace"),
  };
}

interface ProcessStatus {
  readonly startTime: string;
  readonly ended: boolean;
}

function statusOf(pid: number): ProcessStatus | undefined {
  return process.platform === "linux" ? linuxStatusOf(pid) : psStatusOf(pid);
}

/** proc_pid_stat(5): `pid (name) state … starttime …`; the name may hold spaces and brackets, so fields count from the last bracket. */
function linuxStatusOf(pid: number): ProcessStatus | undefined {
  const stat = onLinux(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const startTime = fields[22 - 3];
  if (startTime === undefined) return undefined;
  return { startTime, ended: fields[0] === "Z" || fields[0] === "X" };
}

/** Starting `ps` costs milliseconds, so child_process is loaded only where there is no /proc. */
function psStatusOf(pid: number): ProcessStatus | undefined {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const ps = spawnSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
    encoding: "utf8",
    env: { PATH: "/bin:/usr/bin", LC_ALL: "C", TZ: "UTC" },
  });
  const found = /^\s*(\S+)\s+(.*\S)/.exec(ps.stdout ?? "");
  if (found === null) return undefined;
  return { startTime: found[2] ?? "", ended: found[1]?.startsWith("Z") ?? false };
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}

function onLinux<T>(read: () => T): T | undefined {
  try {
    return process.platform === "linux" ? read() : undefined;
  } catch {
    return undefined;
  }
}
