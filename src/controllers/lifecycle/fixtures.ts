import type { ExtensionObject, LastOperation } from '../../apis/extensions/extension.ts';

/** Second in which the objects of these tests were last operated on. */
export const lastSecond = Date.parse('2026-01-02T03:04:05Z');

export function lastOperation(type: LastOperation['type'], state: LastOperation['state']): LastOperation {
  return {
    type,
    state,
    progress: state === 'Succeeded' ? 100 : 50,
    description: '',
    lastUpdateTime: '2026-01-02T03:04:05Z',
  };
}

export function extension(
  change: {
    metadata?: Partial<ExtensionObject['metadata']>;
    spec?: Partial<ExtensionObject['spec']>;
    status?: ExtensionObject['status'];
  } = {},
): ExtensionObject {
  return {
    metadata: { name: 'cluster', namespace: 'shoot--p--cluster', generation: 1, ...change.metadata },
    spec: { type: 'metal', ...change.spec },
    ...(change.status ? { status: change.status } : {}),
  };
}

export const asks = (operation: string, timestamp?: string): Partial<ExtensionObject['metadata']> => ({
  annotations: {
    'gardener.cloud/operation': operation,
    ...(timestamp ? { 'gardener.cloud/timestamp': timestamp } : {}),
  },
});

export const asked = (timestamp: string): Partial<ExtensionObject['metadata']> => ({
  annotations: { 'gardener.cloud/timestamp': timestamp },
});
