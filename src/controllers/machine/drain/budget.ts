import type { Pod, PodDisruptionBudget } from './objects.ts';

type Budget = PodDisruptionBudget;
type Selector = NonNullable<NonNullable<Budget['spec']>['selector']>;
type Requirement = NonNullable<Selector['matchExpressions']>[number];
type Labels = Readonly<Record<string, string>>;

/**
 * A budget of the pod that never allows an eviction, although all its pods are well: to wait would be in vain
 * (metal-components F.7). Undefined when there is none.
 */
export function hopelessBudget(pod: Pod, budgets: readonly Budget[]): Budget | undefined {
  return budgets.find((budget) => isHopeless(budget) && selects(budget.spec?.selector, pod.metadata.labels ?? {}));
}

function isHopeless({ metadata, status = {} }: Budget): boolean {
  const { observedGeneration, expectedPods = 0, currentHealthy = 0, disruptionsAllowed = 0 } = status;
  if (observedGeneration !== metadata.generation) return false;
  return expectedPods > 0 && currentHealthy >= expectedPods && disruptionsAllowed === 0;
}

/** No selector selects nothing, an empty one everything. */
function selects(selector: Selector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const hasLabels = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return hasLabels && matchExpressions.every((requirement) => meets(requirement, labels));
}

function meets({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
