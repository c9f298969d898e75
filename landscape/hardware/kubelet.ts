import { isNotFound } from '../../src/kube/errors.ts';
import { type Lease, leases, microTime } from '../../src/kube/lease.ts';
import { timestamp } from '../../src/kube/timestamp.ts';
import { ensureObject } from '../control-plane/ensure-object.ts';
import type { BootedMachine } from '../metal-api/machine/hardware.ts';
import { authenticate } from './bootstrap-token.ts';
import { conditionsOf, type Health } from './conditions.ts';
import { nodeOf, nodeProviderID } from './node.ts';
import { type Node, nodes } from './node-resource.ts';
import type { Scene, System } from './system.ts';

const LEASE_NAMESPACE = 'kube-node-lease';
const LEASE_SECONDS = 40;

/**
 * A Node and its Lease. A Node that is deleted stays so, as with a real kubelet that is not started again. When the machine
 * is off, it says of the Node what the node lifecycle controller would.
 */
export function createKubelet(machine: BootedMachine): System {
  let hasJoined = false;
  let shown: Health | undefined;
  const keep = async (scene: Scene, health: Health): Promise<void> => {
    if (!hasJoined && (await join(scene, machine, health))) shown = health;
    hasJoined = true;
    if (shown !== health) await show(scene, machine, health);
    shown = health;
    if (health !== 'silent') await renew(scene, machine.hostname);
  };
  return {
    async keep(scene, runs) {
      if (hasJoined) await keep(scene, runs === 'never-joins' ? 'well' : runs);
      else if (runs !== 'never-joins' && runs !== 'silent') await keep(scene, runs);
    },
    off: (scene) => show(scene, machine, 'silent'),
  };
}

/** True for a new Node. A kubelet that is started again finds its Node, and has no need of a token. */
async function join(scene: Scene, machine: BootedMachine, health: Health): Promise<boolean> {
  const { shoot, clock, signal } = scene;
  const present = await shoot.find(nodes, { name: machine.hostname }, { signal });
  const node = present ?? (await register(scene, machine, health));
  if (node.spec?.providerID !== nodeProviderID(machine)) {
    throw new Error(`Node ${machine.hostname} is that of ${node.spec?.providerID}`);
  }
  await ensureObject(shoot, leases, leaseOf(node, clock.now()), signal);
  return !present;
}

async function register({ shoot, clock, signal }: Scene, machine: BootedMachine, health: Health): Promise<Node> {
  await authenticate(shoot, machine.userData, clock.now(), signal);
  return shoot.create(nodes, nodeOf(machine, health, timestamp(clock.now())), { signal });
}

function leaseOf({ metadata: { name, uid = '' } }: Node, nowMs: number): Lease {
  return {
    metadata: {
      name,
      namespace: LEASE_NAMESPACE,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
    },
    spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTime(nowMs) },
  };
}

async function show({ shoot, clock, signal }: Scene, machine: BootedMachine, health: Health): Promise<void> {
  const { hostname: name } = machine;
  const node = await shoot.find(nodes, { name }, { signal });
  if (node?.spec?.providerID !== nodeProviderID(machine)) return;
  const present = node.status?.conditions ?? [];
  const conditions = conditionsOf(health, present, timestamp(clock.now()));
  const { resourceVersion } = node.metadata;
  const patch = { metadata: { resourceVersion }, status: { conditions } };
  await shoot.mergePatch(nodes, { name }, patch, { subresource: 'status', signal });
}

async function renew({ shoot, clock, signal }: Scene, name: string): Promise<void> {
  const patch = { spec: { renewTime: microTime(clock.now()) } };
  try {
    await shoot.mergePatch(leases, { namespace: LEASE_NAMESPACE, name }, patch, { signal });
  } catch (error) {
    // Goes with the Node.
    if (!isNotFound(error)) throw error;
  }
}
