import type { ExtensionObject } from '../../../src/apis/extensions/extension.ts';
import type { Resource } from '../../../src/kube/resource.ts';
import type { Operation } from '../context.ts';
import { deployExtension } from '../extension-object.ts';
import { deployToRestore } from '../migration.ts';
import { stateOfExtension } from '../shoot-state.ts';
import type { Target, Waiting } from '../wait.ts';

/** Waiting for an extension object of the Shoot: what it reports shows while the step runs. */
export const waitingOf = (operation: Operation): Waiting => ({
  client: operation.seed,
  clock: operation.clock,
  signal: operation.signal,
  settings: operation.wait,
  bell: operation.bell,
  onNotReady: ({ severe, reason, codes }) => {
    if (severe) operation.report(reason, codes);
  },
});

/** Infrastructure, ControlPlane and Worker of a Shoot have its name. */
export const targetOf = <T extends ExtensionObject>(resource: Resource<T>, operation: Operation): Target<T> => ({
  resource,
  namespace: operation.namespace,
  name: operation.shoot.metadata.name,
});

/** Deploys an extension object of the Shoot, with the state that it had on another seed if it comes from there. */
export function deploy<T extends ExtensionObject>(
  operation: Operation,
  target: Target<T>,
  wanted: T,
  options: { readonly ask: boolean },
): Promise<T> {
  const { shootState } = operation;
  const waiting = waitingOf(operation);
  if (!shootState) return deployExtension(waiting, target, wanted, options);
  return deployToRestore(waiting, target, wanted, stateOfExtension(shootState, target.resource.kind, target.name));
}
