import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Box } from "./box.ts";

/** The plugin's marketplace: this clone. */
export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** As a person installs it, from a folder that is a marketplace. */
export async function installPlugin(box: Box, from = REPOSITORY): Promise<void> {
  expect(await box.plugin("marketplace", "add", from)).toMatchObject({ exitCode: 0 });
  expect(await box.plugin("install", "leftoff@leftoff")).toMatchObject({ exitCode: 0 });
}
