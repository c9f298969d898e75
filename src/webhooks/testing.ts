import type { Webhook } from './webhook.ts';

/** For tests: a webhook at `/review` that allows everything. */
export function webhookOf(fields: Partial<Webhook> = {}): Webhook {
  return {
    name: 'validator',
    path: '/review',
    type: 'validating',
    target: 'garden',
    rules: [{ apiGroups: ['core.gardener.cloud'], apiVersions: ['*'], resources: ['shoots'] }],
    review: () => Promise.resolve({ allowed: true }),
    ...fields,
  };
}

/** For tests: an AdmissionReview as an API server spells it. */
export function reviewOf({ version = 'v1', request = {} }: { version?: string; request?: object } = {}): object {
  return {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${version}`,
    request: {
      uid: 'uid-1',
      kind: { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' },
      resource: { group: 'core.gardener.cloud', version: 'v1beta1', resource: 'shoots' },
      operation: 'CREATE',
      userInfo: { username: 'alice', groups: ['g'] },
      object: { metadata: { name: 'x' } },
      oldObject: null,
      dryRun: false,
      ...request,
    },
  };
}
