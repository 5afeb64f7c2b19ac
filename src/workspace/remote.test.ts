import fc from "fast-check";
import { expect, test } from "vitest";
import { normalisedRemote, remoteDigest } from "./remote.ts";

test.each([
  "git@example.org:team/app.git",
  "ssh://git@example.org:22/team/app.git",
  "https://example.org/team/app",
  "https://ada:hunter2@example.org/team/app.git/",
  "git://EXAMPLE.org/team/app",
  "example.org:team/app",
])("%s is the repository example.org/team/app", (url) => {
  expect(normalisedRemote(url)).toBe("example.org/team/app");
});

test.each([
  ["/srv/git/app.git", "/srv/git/app"],
  ["file:///srv/git/app.git", "/srv/git/app"],
  ["../app", "../app"],
  ["./a:b", "./a:b"],
  ["https://[::1]:8080/a", "[::1]/a"],
])("%s is %s", (url, expected) => {
  expect(normalisedRemote(url)).toBe(expected);
});

test("the remote is origin, or the only one there is", () => {
  const config = (...names: string[]) =>
    names.map((name) => `[remote "${name}"]\n\turl = /srv/${name} ; x\n`).join("");

  expect(remoteDigest(config("fork", "origin"))).toBe(remoteDigest(config("origin")));
  expect(remoteDigest(config("fork"))).toBeDefined();
  expect(remoteDigest(config("fork", "other"))).toBeUndefined();
  expect(remoteDigest('[core]\n\turl = x\n[branch "remote"]\n\turl = y\n')).toBeUndefined();
});

test("two passwords give one digest", () => {
  const digest = (password: string) => remoteDigest(`[remote "origin"]\nurl = "https://x:${password}@h/a"`);

  expect(digest("one")).toBe(digest("two"));
});

test("reading never throws, whatever the config holds", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (url, text) => {
      normalisedRemote(url);
      remoteDigest(`[remote "origin"]\nurl = ${url}\n${text}`);
    }),
  );
});
