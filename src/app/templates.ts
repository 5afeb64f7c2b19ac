import { basename, join } from "node:path";
import { AppError } from "../base/error.ts";
import { TEMPLATE_BYTES_MAX, TEMPLATES_MAX } from "../base/limits.ts";
import { namesIn, readIfThere } from "../disk/read.ts";
import { stepsIn, templateTitle } from "../document/from-template.ts";
import { TEMPLATES, type Template } from "../document/templates.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { callingPlace } from "./resolve-session.ts";

export interface TemplateListed {
  readonly name: string;
  readonly summary: string;
  /** Check boxes, which become next steps. */
  readonly steps: number;
  /** The file of one's own; undefined for those that come with leftoff. */
  readonly path: string | undefined;
}

/** Templates that `leftoff new --template` takes here: one's own, then those that come with leftoff and have no own of their name. */
export async function listTemplates(app: App): Promise<readonly TemplateListed[]> {
  return templatesIn(app, await callingPlace(app)).map(({ name, summary, text, path }) => ({
    name,
    summary,
    steps: stepsIn(text),
    path,
  }));
}

/**
 * The template of that name: of its file, of its heading, or how either begins ("Feature Development" is `feature`).
 *
 * @throws AppError `input_invalid`.
 */
export function findTemplate(app: App, here: Here, name: string): Template {
  const wanted = name.trim().toLowerCase();
  const all = templatesIn(app, here);
  const found =
    all.find((one) => one.name.toLowerCase() === wanted) ??
    all.find(({ text }) => templateTitle(text)?.toLowerCase() === wanted) ??
    all.find((one) => wanted.split(/[\s_-]+/)[0] === one.name.toLowerCase());
  if (found !== undefined) return found;
  throw new AppError(
    "input_invalid",
    `There is no template "${name}".`,
    `One of: ${all.map((one) => one.name).join(", ")}; or a file of your own, .claude/templates/NAME.md.`,
  );
}

interface PlacedTemplate extends Template {
  readonly path: string | undefined;
}

function templatesIn(app: App, here: Here): readonly PlacedTemplate[] {
  const own = ownTemplates(app, here);
  const names = new Set(own.map(({ name }) => name));
  return [
    ...own,
    ...TEMPLATES.filter(({ name }) => !names.has(name)).map((one) => ({ ...one, path: undefined })),
  ];
}

/** Files of the project are data: they are read as text, what can't be read is none, and a secret in one stays there. */
function ownTemplates({ redactor }: App, { root }: Here): readonly PlacedTemplate[] {
  const folder = join(root, ".claude", "templates");
  return namesIn(folder)
    .filter((name) => name.endsWith(".md"))
    .slice(0, TEMPLATES_MAX)
    .flatMap((file) => {
      const path = join(folder, file);
      const bytes = bytesAt(path);
      if (bytes === undefined || bytes.length > TEMPLATE_BYTES_MAX) return [];
      const text = redactor.text(bytes.toString("utf8"));
      return [{ name: basename(file, ".md"), summary: templateTitle(text) ?? "your own", text, path }];
    });
}

function bytesAt(path: string): Buffer | undefined {
  try {
    return readIfThere(path);
  } catch {
    return undefined;
  }
}
