import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type ProcReader, systemProc } from './proc.ts';

/** This process as a holder of leases. */
export interface Holder {
  /** `<pod or host>_[pod-<uid>_]<proc-<scope>-<pid>-<start>|rand-<hex>>`. */
  readonly identity: string;
  readonly proc: ProcReader;
}

/** What an identity says of the process that bears it; nothing for one of another make, e.g. of client-go. */
interface Proof {
  readonly podUID: string | undefined;
  readonly process: { readonly scope: string; readonly pid: number; readonly start: string } | undefined;
}

const proofPattern =
  /_(?:pod-(?<podUID>[^_]+)_)?(?:proc-(?<scope>[0-9a-f]{8})-(?<pid>\d+)-(?<start>\d+)|rand-[0-9a-f]{16})$/;

/**
 * Names this process so that a later one can tell whether it still lives. POD_UID, from the downward API, must be set in
 * at most one container of a pod.
 */
export function createHolder(env: NodeJS.ProcessEnv = process.env, proc: ProcReader = systemProc): Holder {
  const self = proc.self();
  const instance = self ? `proc-${self.scope}-${self.pid}-${self.start}` : `rand-${randomBytes(8).toString('hex')}`;
  const pod = env.POD_UID ? `pod-${env.POD_UID}_` : '';
  return { identity: `${env.POD_NAME || hostname()}_${pod}${instance}`, proc };
}

/**
 * Whether the holder of a lease is certain to be dead, so that its lease may be taken without waiting for it to expire.
 *
 * A leader that is killed cannot give its lease back, and its successor would stand still for the whole lease duration.
 * A lease protects against a leader that is alive but not heard; where it can be shown that the process is no more, there
 * is nothing to protect against. That can be shown in two cases only:
 *
 * - The same kernel and pid namespace (both are in the scope): there the kernel itself says that no process of that pid
 *   and start time exists. A number that was used again has another start time. When the namespace's inode number was
 *   used again, the earlier namespace is gone, and all its processes with it.
 * - The same pod but another pid namespace: the container was started anew, and kubelet does that only after the earlier
 *   one has ended. A pod with this UID never runs on two nodes.
 *
 * In every other case, and whenever something cannot be read, the holder counts as alive: another host, another pid
 * namespace, an identity of unknown make, this process itself.
 */
export function isProvablyDead(holderIdentity: string, self: Holder): boolean {
  if (holderIdentity === self.identity) return false;
  const holder = proofOf(holderIdentity);
  const own = proofOf(self.identity);
  if (!holder || !own) return false;
  if (holder.process && own.process && holder.process.scope === own.process.scope) {
    return self.proc.isGone(holder.process.pid, holder.process.start);
  }
  return holder.podUID !== undefined && holder.podUID === own.podUID;
}

function proofOf(identity: string): Proof | undefined {
  const groups = proofPattern.exec(identity)?.groups;
  const isProof = groups?.podUID || groups?.scope;
  if (!isProof) return undefined;
  const { podUID, scope, pid, start } = groups;
  return { podUID, process: scope && start ? { scope, pid: Number(pid), start } : undefined };
}
