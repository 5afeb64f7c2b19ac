import fc from "fast-check";
import { expect, test } from "vitest";
import { anyMaterial } from "./brief.arbitrary.ts";
import { packKept } from "./kept.ts";
import { estimateTokens } from "./tokens.ts";

test("property: what a summary must keep is within its limits, fenced, and holds no guess", () => {
  const limits = fc.record({
    tokensMax: fc.integer({ min: 0, max: 800 }),
    charsMax: fc.integer({ min: 0, max: 5_000 }),
  });
  fc.assert(
    fc.property(anyMaterial, limits, (material, within) => {
      const text = packKept(material, within);
      if (text === "") return;
      expect(estimateTokens(text)).toBeLessThanOrEqual(within.tokensMax);
      expect(text.length).toBeLessThanOrEqual(within.charsMax);
      const [, fence, ...rest] = text.split("\n");
      expect(fence).toMatch(/^═══ leftoff \d{12} ═══$/);
      expect(rest.indexOf(fence ?? "")).toBe(rest.length - 1);
      expect(text).not.toContain("(unconfirmed)");
    }),
  );
});
