import { dump } from 'js-yaml';
import { keyOf } from '../kube/object.ts';
import { nameOf } from './objects.ts';
import type { Plan } from './plan.ts';
import { unifiedDiff } from './unified-diff.ts';
import { actionOf, describeCall, placeOf } from './words.ts';

const yamlOf = (object: object | undefined, sortKeys = false): string =>
  object ? dump(object, { noRefs: true, lineWidth: -1, sortKeys }) : '';

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

/** One unified diff for each object. */
export function planAsDiff({ objects }: Plan): string {
  return objects
    .map((object) => {
      const { before, after } = object;
      const subject = after ?? before;
      const name = subject ? `${subject.kind}/${keyOf(subject.metadata)}` : '';
      const head = `--- live ${name} (${placeOf(object)})\n+++ planned ${name} (${placeOf(object)})\n`;
      return `${head}${unifiedDiff(yamlOf(before, true), yamlOf(after, true))}`;
    })
    .join('');
}
