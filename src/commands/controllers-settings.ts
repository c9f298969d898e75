import type { controllersFlags } from './controllers-flags.ts';
import { type FlagValues, UsageError } from './flags.ts';
import { podNamespace } from './pod.ts';

export type ControllersValues = FlagValues<typeof controllersFlags>;
export type ControllerName = ControllersValues['controllers'][number];

/** What the flags of `espalier controllers` mean together. */
export interface Settings {
  readonly configFile: string;
  readonly controllers: readonly ControllerName[];
  /** Undefined without leader election. */
  readonly lease: { readonly namespace: string; readonly name: string } | undefined;
  /** Of the heartbeat Lease; undefined when that controller does not run. */
  readonly heartbeatNamespace: string | undefined;
}

/** Throws UsageError for what is missing. */
export function settle(values: ControllersValues): Settings {
  const configFile = values['config-file'];
  if (!configFile) throw new UsageError('--config-file is required');
  const controllers = values.controllers.filter((name) => !values['disable-controllers'].includes(name));
  const namespace = (flag: 'leader-election-namespace' | 'heartbeat-namespace'): string => {
    const known = values[flag] ?? podNamespace();
    if (!known) throw new UsageError(`--${flag} is required outside of a cluster`);
    return known;
  };
  return {
    configFile,
    controllers,
    lease: values['leader-election']
      ? { namespace: namespace('leader-election-namespace'), name: values['leader-election-id'] }
      : undefined,
    heartbeatNamespace: controllers.includes('heartbeat') ? namespace('heartbeat-namespace') : undefined,
  };
}
