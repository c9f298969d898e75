import { keyOf } from '../kube/object.ts';
import type { PlannedObject } from './objects.ts';
import type { Plan } from './plan.ts';
import type { Step } from './step.ts';
import { actionOf, describeCall, placeOf } from './words.ts';

/** What a person wants to know first. */
export function summaryOf(plan: Plan): string {
  const { verdict, assumptions, steps, metalApiCalls, objects } = plan;
  const { faults, warnings, defaults, shoot } = verdict;
  const sections: [string, readonly string[]][] = [
    ['Faults', faults],
    ['Warnings', warnings],
    ['Filled in by admission', defaults.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`)],
    ['Assumed', assumptions],
    ['Extension', steps.flatMap(linesOf)],
    ['metal-api', metalApiCalls.map(describeCall)],
    ['Objects', countsOf(objects)],
  ];
  const verdictLine = `Shoot ${keyOf(shoot.metadata)} is ${faults.length > 0 ? 'refused' : 'allowed'} by admission`;
  const lines = sections.flatMap(([title, items]) =>
    items.length > 0 ? [`${title}:`, ...items.map((item) => `  ${item}`)] : [],
  );
  return `${[verdictLine, ...lines].join('\n')}\n`;
}

function linesOf({ kind, waits, error }: Step): readonly string[] {
  const codes = error && error.codes.length > 0 ? ` (${error.codes.join(', ')})` : '';
  const end = error ? `fails: ${error.message}${codes}` : 'succeeds';
  return [...waits.map((wait) => `${kind} waits: ${wait}`), `${kind} ${end}`];
}

/** `seed: create 3 Secret, 1 Worker` */
function countsOf(objects: readonly PlannedObject[]): readonly string[] {
  const groups = Map.groupBy(objects, (object) => `${placeOf(object)}: ${actionOf(object)}`);
  return [...groups].map(([head, members]) => {
    const kinds = Map.groupBy(members, ({ before, after }) => (after ?? before)?.kind ?? '');
    return `${head} ${[...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(', ')}`;
  });
}
