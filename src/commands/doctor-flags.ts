import type { SeedSource } from '../doctor/seed.ts';
import { choice, count, files, flag, optionalText } from './flag-types.ts';
import { type Flag, UsageError } from './flags.ts';

/** Flags of `espalier doctor`, named like those of kubectl where it has them. */
export const doctorFlags = {
  kubeconfig: seeds(
    'Kubeconfig of a seed; once for each seed, perhaps with its name. Without it: $KUBECONFIG, the service account of the pod, or ~/.kube/config.',
  ),
  'garden-kubeconfig': optionalText('path[,path]', {
    help: 'Kubeconfigs of all gardens whose Shoots use the same projects of metal-api. Only with them can it be told, and fixed, that something is left of a cluster that does not exist any more.',
  }),
  'config-file': optionalText('path', {
    help: 'ControllerConfiguration of the extension, to look for machine images that it does not have any more.',
  }),
  output: choice(['text', 'json'], 'text', { short: 'o', help: 'What standard output gets.' }),
  'stuck-after-minutes': count(30, 0, { help: 'A deletion that takes longer is told of.' }),
  fix: flag(false, { help: 'Show what would be fixed: only what is proven to be of no use to anybody.' }),
  yes: flag(false, { help: 'With --fix: do it.' }),
};

function seeds(help: string): Flag<readonly SeedSource[]> {
  const paths = files({ help });
  return { ...paths, value: '[name=]path', parse: (given) => distinct(paths.parse(given).map(sourceOf)) };
}

/** A path with an equals sign in its first part needs `./` before it. */
function sourceOf(text: string): SeedSource {
  const [, given, path = text] = /^([a-z0-9](?:[-.a-z0-9]*[a-z0-9])?)=(.+)$/.exec(text) ?? [];
  return { given, path };
}

function distinct(sources: readonly SeedSource[]): readonly SeedSource[] {
  const texts = sources.flatMap(({ given, path }) => [...(given === undefined ? [] : [`name ${given}`]), path]);
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  if (twice !== undefined) throw new UsageError(`${twice} is given twice`);
  return sources;
}
