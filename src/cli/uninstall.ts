import { pluginCommand, pluginWords } from "../app/init/plugins.ts";
import { uninstall } from "../app/init/uninstall.ts";
import { type Run, show } from "./door.ts";

export const run: Run = async (door, { options }) => {
  const input = {
    all: options.all === true,
    purge: options.purge === true,
    dryRun: options.dryRun === true,
  };
  const { changed, warnings, dataKept, remaining, plugins } = uninstall(door.app, await door.setup(), input);
  const document = {
    schema: "leftoff.uninstall/1",
    dryRun: input.dryRun,
    changed,
    warnings,
    dataKept: dataKept ?? null,
    remaining,
    plugins: plugins.map((plugin) => ({
      name: plugin.name,
      scope: plugin.scope,
      project: plugin.project ?? null,
      remove: pluginCommand("uninstall", plugin),
    })),
  };
  show(door, document, () => {
    const { green, dim, yellow } = door.style;
    const done = input.dryRun ? "would change" : "changed";
    return [
      ...changed.map(({ path, what }) => `${green(done)} ${path} ${dim(`(${what})`)}`),
      ...(changed.length === 0 ? ["leftoff is in no file here."] : []),
      ...warnings.map((warning) => yellow(warning)),
      ...remaining.map((root) => dim(`still set up in ${root}`)),
      dataKept === undefined
        ? "Everything that leftoff remembered is gone."
        : dim(`What leftoff remembers stays in ${dataKept} (--purge deletes it).`),
      ...plugins.map((plugin) =>
        yellow(
          `The ${pluginWords(plugin)} is still installed and goes on${dataKept === undefined ? ", with new records" : ""}; \`${pluginCommand("uninstall", plugin)}\` takes it out.`,
        ),
      ),
    ].join("\n");
  });
};
