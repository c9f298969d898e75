import type { Cluster } from '../../../apis/extensions/cluster.ts';
import { OperationError } from '../../errors.ts';

const KEEP = 'cluster.metal-stack.io/keep-worker-hash';
/** Followed by the pool's name. */
const USE = 'cluster.metal-stack.io/use-worker-hash-';
const HASH = /^[a-z0-9]{5}$/;

/**
 * The hash of a pool's class, `computed` unless the Shoot's annotations keep the present one (metal-provider 3.4). Of
 * several present classes, as in the middle of a rolling update, the one that the operator names wins, then the computed
 * one, whose machines are wanted anyway. Any other choice might roll the nodes that the annotation is to protect, and the
 * names do not tell which class the nodes have: then the operator must say.
 */
export function overriddenHash(
  cluster: Cluster,
  { deployment, pool }: { readonly deployment: string; readonly pool: string },
  computed: string,
  existing: readonly string[],
): string {
  const annotations = cluster.spec.shoot.metadata.annotations ?? {};
  if (!Object.hasOwn(annotations, KEEP)) return computed;
  const named = annotations[`${USE}${pool}`];
  if (named !== undefined && !HASH.test(named)) {
    throw problem(`annotation ${USE}${pool} of the Shoot must be a hash of five lower-case letters and digits`);
  }
  const present = existing
    .filter((name) => name.startsWith(`${deployment}-`))
    .map((name) => name.slice(deployment.length + 1))
    .filter((hash) => HASH.test(hash))
    .sort();
  return chosen(present, named, computed, `${USE}${pool}`);
}

function chosen(present: readonly string[], named: string | undefined, computed: string, annotation: string): string {
  const [only, ...others] = present;
  if (only === undefined) return named ?? computed;
  if (named !== undefined && !present.includes(named)) {
    throw problem(
      'unable to use explicit hash which differs from hash that was figured out from existing machine classes: ' +
        `annotation ${annotation} says ${named}, present is ${present.join(', ')}`,
    );
  }
  if (named !== undefined) return named;
  if (others.length === 0) return only;
  if (present.includes(computed)) return computed;
  throw problem(
    `the hash cannot be kept because there are several machine classes: set annotation ${annotation} of the Shoot to ` +
      `the one that the nodes have (${present.join(', ')})`,
  );
}

function problem(message: string): OperationError {
  return new OperationError(message, { codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'] });
}
