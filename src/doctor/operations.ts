import type { ExtensionObject } from '../apis/extensions/extension.ts';
import { conditionsOf } from '../controllers/healthcheck/conditions.ts';
import { requestedAt, requestedOperation } from '../controllers/lifecycle/annotations.ts';
import type { ClusterSnapshot, Finding } from '../providers/doctor.ts';
import { since } from './since.ts';

/** A run may take 20 minutes, and tells every few seconds how far it is. */
const stalledMs = 30 * 60_000;
const notTakenMs = 15 * 60_000;

/** What the extension objects of a cluster say of themselves. */
export function operationFindings(snapshot: ClusterSnapshot, now: number): readonly Finding[] {
  const { infrastructure, controlPlane, worker, namespace } = snapshot;
  return Object.entries({ Infrastructure: infrastructure, ControlPlane: controlPlane, Worker: worker }).flatMap(
    ([kind, object]) =>
      object
        ? [...operation(object, now), ...conditions(object)].map((told) => ({
            ...{ object: `${kind} ${object.metadata.name}`, cluster: namespace },
            ...told,
          }))
        : [],
  );
}

type Told = Omit<Finding, 'object' | 'cluster'>;

function operation(object: ExtensionObject, now: number): readonly Told[] {
  const { lastOperation, lastError } = object.status ?? {};
  const asked = requestedAt(object);
  const requested = requestedOperation(object);
  if (requested && requested !== 'wait-for-state' && asked !== undefined && now - asked > notTakenMs) {
    return [
      {
        ...{ severity: 'error', kind: 'OperationNotTaken' },
        message: `was asked to ${requested} ${since(asked, now)} ago, and nobody has begun`,
        advice: 'See that `espalier controllers` runs and leads in this seed',
      },
    ];
  }
  if (lastOperation?.state === 'Error' || lastOperation?.state === 'Failed') {
    const codes = lastError?.codes?.length ? ` (${lastError.codes.join(', ')})` : '';
    return [
      {
        ...{ severity: 'error', kind: 'OperationFailed' },
        message: `${lastError?.description ?? lastOperation.description}${codes}`,
        advice: 'The message says what to do; it is tried again unless the Shoot has failed for good',
      },
    ];
  }
  if (lastOperation?.state === 'Processing' && now - Date.parse(lastOperation.lastUpdateTime) > stalledMs) {
    return [
      {
        ...{ severity: 'warning', kind: 'OperationStalled' },
        message: `${lastOperation.description}: for ${since(lastOperation.lastUpdateTime, now)} nothing more was told`,
        advice: 'See that `espalier controllers` runs and leads in this seed, and look at its log',
      },
    ];
  }
  return [];
}

/** What the health checks have found, and when. */
const conditions = (object: ExtensionObject): readonly Told[] =>
  conditionsOf(object)
    .filter(({ status }) => status === 'False' || status === 'Unknown')
    .map(({ type, status, message }) => ({
      ...{ severity: status === 'False' ? 'error' : 'warning', kind: `Condition${type}` },
      message: `${type} is ${status}: ${message}`,
      advice: 'See what the message names; the condition is renewed by the health check',
    }));
