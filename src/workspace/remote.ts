import { sha256 } from "../base/digest.ts";

/**
 * A digest of the repository's remote (`origin`, or the only one), from the text of its git config: equal for the ways
 * to write one address (`git@host:a/b.git`, `https://user:password@host/a/b`). Undefined where there is none. Never the
 * address itself: it may hold a password.
 */
export function remoteDigest(configText: string): string | undefined {
  const urls = remoteUrls(configText);
  const url = urls.get("origin") ?? (urls.size === 1 ? [...urls.values()][0] : undefined);
  if (url === undefined) return undefined;
  return sha256(normalisedRemote(url)).slice(0, 32);
}

/** Host and path of a remote address, without user, password, port, `.git` and final slashes; a local path as it is. */
export function normalisedRemote(url: string): string {
  const address = withScheme(url) ?? withoutScheme(url);
  let end = address.length;
  while (end > 1 && address[end - 1] === "/") end -= 1;
  const bare = address.slice(0, end);
  return bare.endsWith(".git") && !bare.endsWith("/.git") ? bare.slice(0, -".git".length) : bare;
}

function withScheme(url: string): string | undefined {
  const at = url.indexOf("://");
  if (at <= 0) return undefined;
  const slash = url.indexOf("/", at + 3);
  const authority = slash < 0 ? url.slice(at + 3) : url.slice(at + 3, slash);
  const path = slash < 0 ? "" : url.slice(slash);
  if (url.slice(0, at).toLowerCase() === "file") return path;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const colon = host.lastIndexOf(":");
  const isPort = colon > 0 && [...host.slice(colon + 1)].every((digit) => digit >= "0" && digit <= "9");
  return `${(isPort ? host.slice(0, colon) : host).toLowerCase()}${path}`;
}

/** `user@host:path`, as scp writes it (git-fetch(1), GIT URLS); with a slash before the colon it is a local path. */
function withoutScheme(url: string): string {
  const colon = url.indexOf(":");
  const slash = url.indexOf("/");
  if (colon <= 0 || (slash >= 0 && slash < colon)) return url;
  const host = url.slice(url.lastIndexOf("@", colon) + 1, colon).toLowerCase();
  const path = url.slice(colon + 1);
  return path.startsWith("/") ? `${host}${path}` : `${host}/${path}`;
}

/** The first `url` of each `[remote "name"]` section (git-config(1), syntax); includes are not followed. */
function remoteUrls(configText: string): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  let remote: string | undefined;
  for (const raw of configText.split("\n")) {
    const line = raw.trim();
    if (line.startsWith("[")) remote = remoteOfHeader(line);
    else if (remote !== undefined && !urls.has(remote)) {
      const url = settingIn(line, "url");
      if (url !== undefined && url !== "") urls.set(remote, url);
    }
  }
  return urls;
}

function remoteOfHeader(line: string): string | undefined {
  const from = line.indexOf('"');
  const to = line.lastIndexOf('"');
  if (from < 0 || to <= from || line.slice(1, from).trim().toLowerCase() !== "remote") return undefined;
  return line.slice(from + 1, to).replaceAll("\\", "");
}

function settingIn(line: string, key: string): string | undefined {
  const equals = line.indexOf("=");
  if (equals < 0 || line.slice(0, equals).trim().toLowerCase() !== key) return undefined;
  const value = line.slice(equals + 1).trim();
  if (value.startsWith('"') && value.endsWith('"') && value.length > 1) return value.slice(1, -1);
  const comment = value.search(/[#;]/);
  return comment < 0 ? value : value.slice(0, comment).trimEnd();
}
