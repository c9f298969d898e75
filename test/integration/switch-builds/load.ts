import { setTimeout as delay } from 'node:timers/promises';
import { readExample } from '../../../landscape/garden/manifests.ts';
import { shoots } from '../../../landscape/gardenlet/resources.ts';
import type { ShootObject } from '../../../landscape/gardenlet/shoot.ts';
import { type Deployment, deployments } from '../../../landscape/pods/deployment.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { toError } from '../../../src/kube/errors.ts';
import type { UserShoot } from '../whole-life/shoot.ts';

/** What the webhooks are asked, again and again; nothing of it is kept. Each throws when the answer is another one. */
type Questions = Readonly<Record<string, () => Promise<unknown>>>;

const dryRun = true;
const mistake = { networkAccesType: 'forbidden' };
const itsMessage = 'did you mean networkAccessType?';

async function questions(garden: KubeClient, { key, namespace }: UserShoot): Promise<Questions> {
  const examples = await Promise.all(['shoot.yaml', 'shoot-refused.yaml'].map(readExample));
  const [good, bad] = examples.flat() as unknown as ShootObject[];
  if (!good || !bad) throw new Error('example/ has no Shoots');
  const defaulted = { ...good, metadata: { ...good.metadata, name: 'load' } };
  const sidecar = { namespace, name: 'machine-controller-manager' };
  return {
    'a good Shoot': async () => expectFirewallImage(await garden.create(shoots, defaulted, { dryRun })),
    'a bad Shoot': () => expectRefusal(garden.create(shoots, bad, { dryRun })),
    'a good change': () => garden.mergePatch(shoots, key, { metadata: { annotations: { load: 'yes' } } }, { dryRun }),
    'a bad change': () =>
      expectRefusal(
        garden.mergePatch(shoots, key, { spec: { provider: { controlPlaneConfig: mistake } } }, { dryRun }),
      ),
    'a Deployment of a control plane': async () => {
      const { spec } = await garden.get(deployments, sidecar);
      const containers = spec.template.spec.containers.filter(({ name }) => name === sidecar.name);
      const without = { spec: { template: { spec: { containers } } } };
      expectSidecar(await garden.mergePatch(deployments, sidecar, without, { dryRun }));
    },
  };
}

function expectFirewallImage({ spec }: ShootObject): void {
  const { firewall } = spec.provider.infrastructureConfig as { firewall: { image?: string } };
  if (!firewall.image) throw new Error('it has no image for its firewall');
}

async function expectRefusal(call: Promise<unknown>): Promise<void> {
  const message = await call.then(
    () => 'it was taken',
    (error: unknown) => toError(error).message,
  );
  if (!message.includes(itsMessage)) throw new Error(message);
}

function expectSidecar({ spec }: Deployment): void {
  if (spec.template.spec.containers.length < 2) throw new Error('it has no sidecar');
}

export interface Answers {
  /** How often each was answered as it should be. */
  readonly right: Readonly<Record<string, number>>;
  /** The other answers. */
  readonly wrong: readonly string[];
}

/** Asks all the time, while `work` is done. */
export async function underLoad(garden: KubeClient, shoot: UserShoot, work: () => Promise<void>): Promise<Answers> {
  const right: Record<string, number> = {};
  const wrong: string[] = [];
  let done = false;
  const askAgain = async ([what, ask]: [string, () => Promise<unknown>]): Promise<void> => {
    while (!done) {
      try {
        await ask();
        right[what] = (right[what] ?? 0) + 1;
      } catch (error) {
        wrong.push(`${what}: ${toError(error).message}`);
      }
      await delay(20);
    }
  };
  const asking = Object.entries(await questions(garden, shoot)).map(askAgain);
  try {
    await work();
  } finally {
    done = true;
    await Promise.all(asking);
  }
  return { right, wrong };
}
