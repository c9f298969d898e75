import { readFile } from 'node:fs/promises';

/** An AdmissionReview as an API server sends it, and what its answer must contain. */
export interface Review {
  readonly title: string;
  readonly path: string;
  readonly body: Buffer;
  readonly expected: RegExp;
}

const validate = '/webhooks/validate';
const allowed = /"allowed":true\}/;

/** Recorded from gardener-apiserver; without white space, as it comes. */
export async function readReviews(): Promise<Review[]> {
  const shoot = await recorded('shoot-create');
  const denied = structuredClone(shoot);
  Object.assign(denied.request.object.spec.provider.infrastructureConfig.firewall, {
    size: 'unknown',
    image: 'unknown',
  });
  const bodies: [title: string, path: string, review: Recorded, expected: RegExp][] = [
    ['validate Shoot create', validate, shoot, allowed],
    ['the same, denied', validate, denied, /"allowed":false.*firewall\.size/],
    ['validate Shoot update', validate, await recorded('shoot-update'), allowed],
    ['validate CloudProfile create', validate, await recorded('cloudprofile-create'), allowed],
    ['mutate Shoot create', '/webhooks/mutate', await recorded('shoot-create-mutate'), /"patchType":"JSONPatch"/],
  ];
  return bodies.map(([title, path, review, expected]) => {
    const body = Buffer.from(JSON.stringify(review));
    return { title: `${title} (${(body.length / 1000).toFixed(1)} KB)`, path, body, expected };
  });
}

interface Recorded {
  request: { object: { spec: { provider: { infrastructureConfig: { firewall: object } } } } };
}

async function recorded(name: string): Promise<Recorded> {
  const url = new URL(`../fixtures/admission-reviews/${name}.json`, import.meta.url);
  return JSON.parse(await readFile(url, 'utf8'));
}
