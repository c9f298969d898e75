import { isDeepStrictEqual } from 'node:util';
import { dump } from 'js-yaml';
import { keyOf } from '../kube/object.ts';
import type { MetalApiCall } from './metal-api.ts';
import { nameOf, type PlannedObject } from './objects.ts';
import type { Plan } from './plan.ts';
import { unifiedDiff } from './unified-diff.ts';

const yamlOf = (object: object | undefined): string =>
  object ? dump(object, { noRefs: true, lineWidth: -1, sortKeys: false }) : '';

/** Where an object is, for people. */
function placeOf({ place, via }: PlannedObject): string {
  return via ? `${place}, by ManagedResource ${via}` : place;
}

export type Action = 'create' | 'change' | 'delete' | 'keep';

export function actionOf({ before, after }: PlannedObject): Action {
  if (!after) return 'delete';
  if (!before) return 'create';
  return isDeepStrictEqual(before, after) ? 'keep' : 'change';
}

/** Kubernetes objects as YAML documents; everything else stands in comments. */
export function planAsYaml({ objects, metalApiCalls }: Plan): string {
  const calls = metalApiCalls.map((call) => `# metal-api: ${describeCall(call)}\n`);
  const documents = objects.map((object) => {
    const head = `---\n# ${placeOf(object)}: ${actionOf(object)}\n`;
    if (object.after) return `${head}${yamlOf(object.after)}`;
    return `${head}# ${object.before ? nameOf(object.before) : ''}\n`;
  });
  return [...calls, ...documents].join('');
}

export function planAsJson({ verdict, assumptions, steps, metalApiCalls, objects }: Plan): string {
  const { faults, warnings, defaults } = verdict;
  const shown = {
    admission: { allowed: faults.length === 0, faults, warnings, defaults },
    ...{ assumptions, steps, metalApiCalls },
    objects: objects.map((object) => {
      const { place, via, before, after } = object;
      return { place, via, action: actionOf(object), object: after ?? before };
    }),
  };
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}

/** One unified diff for each object that is not as it is to be. */
export function planAsDiff({ objects }: Plan): string {
  return objects
    .filter((object) => actionOf(object) !== 'keep')
    .map((object) => {
      const { before, after } = object;
      const subject = after ?? before;
      const name = subject ? `${subject.kind}/${keyOf(subject.metadata)}` : '';
      const head = `--- live ${name} (${placeOf(object)})\n+++ planned ${name} (${placeOf(object)})\n`;
      return `${head}${unifiedDiff(yamlOf(before), yamlOf(after))}`;
    })
    .join('');
}

function describeCall({ call, request }: MetalApiCall): string {
  return `${call} ${JSON.stringify(request)}`;
}

/** What a person wants to know first. */
export function summaryOf(plan: Plan): string {
  const { verdict, assumptions, steps, metalApiCalls, objects } = plan;
  const { faults, warnings, defaults, shoot } = verdict;
  const sections: [string, readonly string[]][] = [
    ['Faults', faults],
    ['Warnings', warnings],
    ['Filled in by admission', defaults.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`)],
    ['Assumed', assumptions],
    [
      'Extension',
      steps.flatMap(({ kind, waits, error }) => [
        ...waits.map((wait) => `${kind} waits: ${wait}`),
        error
          ? `${kind} fails: ${error.message}${error.codes.length > 0 ? ` (${error.codes.join(', ')})` : ''}`
          : `${kind} succeeds`,
      ]),
    ],
    ['metal-api', metalApiCalls.map(describeCall)],
    ['Objects', countsOf(objects)],
  ];
  const verdictLine = `Shoot ${keyOf(shoot.metadata)} is ${faults.length > 0 ? 'refused' : 'allowed'} by admission`;
  const lines = sections.flatMap(([title, items]) =>
    items.length > 0 ? [`${title}:`, ...items.map((item) => `  ${item}`)] : [],
  );
  return `${[verdictLine, ...lines].join('\n')}\n`;
}

/** `seed: create 3 Secret, 1 Worker` */
function countsOf(objects: readonly PlannedObject[]): readonly string[] {
  const groups = Map.groupBy(objects, (object) => `${placeOf(object)}: ${actionOf(object)}`);
  return [...groups].map(([head, members]) => {
    const kinds = Map.groupBy(members, ({ before, after }) => (after ?? before)?.kind ?? '');
    return `${head} ${[...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(', ')}`;
  });
}
