import { choice, count, flag, optionalText } from './flag-types.ts';

/** Flags of `espalier doctor`, named like those of kubectl where it has them. */
export const doctorFlags = {
  kubeconfig: optionalText('path', {
    help: 'Kubeconfig of the seed. Without it: $KUBECONFIG, the service account of the pod, or ~/.kube/config.',
  }),
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
