import { createFakeClock } from '../../kube/fake-clock.ts';
import { createFakeLog } from '../../kube/fake-log.ts';
import { createMemoryApi } from '../../kube/memory/api.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { AdmissionRules, Findings } from '../../providers/admission.ts';
import type { ReviewRequest, ReviewResult } from '../webhook.ts';
import { createGardenWebhooks } from './webhooks.ts';

const fine: Findings = { errors: [], warnings: [] };

/** For tests: rules that find nothing. */
const lenient: AdmissionRules = {
  validateShoot: () => fine,
  defaultShoot: ({ object }) => object,
  validateCloudProfile: () => fine,
  validateNamespacedCloudProfile: () => fine,
  validateCredentials: () => fine,
  validateExtension: () => fine,
};

/** For tests: the webhooks of the garden, over an API server in memory whose objects are found by a live call. */
export function createScene(rules: Partial<AdmissionRules> = {}, objects: Record<string, KubeObject> = {}) {
  const api = createMemoryApi(new Map(Object.entries(objects)));
  const { webhooks } = createGardenWebhooks({
    client: api.client,
    rules: { ...lenient, ...rules },
    type: 'metal',
    clock: createFakeClock(),
    log: createFakeLog(),
  });
  return {
    calls: api.calls,
    webhooks,
    async review(path: string, request: ReviewRequest): Promise<ReviewResult> {
      const webhook = webhooks.find((candidate) => candidate.path === path);
      if (!webhook) throw new Error(`no webhook at ${path}`);
      return webhook.review(request, new AbortController().signal);
    },
  };
}

/** A request as it is after decoding; `kind` is `group/version/Kind`. */
export function request(kind: string, object: unknown, more: Partial<ReviewRequest> = {}): ReviewRequest {
  const [group = '', version = '', name = ''] = kind.split('/');
  return {
    uid: 'u',
    operation: more.oldObject === undefined ? 'CREATE' : 'UPDATE',
    kind: { group, version, kind: name },
    resource: { group, version, resource: `${name.toLowerCase()}s` },
    subresource: undefined,
    namespace: 'garden-local',
    name: 'it',
    object,
    oldObject: undefined,
    dryRun: false,
    userInfo: { username: 'admin', groups: [] },
    remoteAddress: undefined,
    ...more,
  };
}
