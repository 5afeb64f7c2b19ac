/** What the small hook program needs of its agent: apart from compose.ts, which would bring the rest along. */
export { hookOf } from "./agent/claude/hook.ts";
