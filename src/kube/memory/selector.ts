import type { KubeObject } from '../object.ts';

/**
 * Whether an object has the labels that a selector asks for: `a=b`, `a==b`, `a!=b`, `a` and `!a`, joined by commas. Throws
 * for what it does not know, like sets: to find too much would be worse.
 */
export function matchesLabels({ metadata: { labels = {} } }: KubeObject, selector: string | undefined): boolean {
  return termsOf(selector).every((term) => {
    const [, negated, key = '', operator, value] =
      /^(!?)\s*([\w./-]+)\s*(?:(==?|!=)\s*([\w.-]*))?$/.exec(term) ?? fail(term);
    if (!operator) return Object.hasOwn(labels, key) === !negated;
    return (labels[key] === value) === (operator !== '!=');
  });
}

/** The fields that every kind can be selected by. */
export function matchesFields({ metadata }: KubeObject, selector: string | undefined): boolean {
  return termsOf(selector).every((term) => {
    const [, field, value] = /^metadata\.(name|namespace)==?(.*)$/.exec(term) ?? fail(term);
    return (field === 'name' ? metadata.name : metadata.namespace) === value;
  });
}

const termsOf = (selector = ''): readonly string[] =>
  selector
    .split(',')
    .map((term) => term.trim())
    .filter(Boolean);

function fail(term: string): never {
  throw new Error(`selectors like "${term}" are not supported in memory`);
}
