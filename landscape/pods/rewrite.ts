/** Turns what means something in a pod into what means it on this machine. */
export type Rewrite = (text: string) => string;

export interface Places {
  /** Mount path to directory. */
  readonly paths: Readonly<Record<string, string>>;
  /** Origin of a URL, without port (`https://kube-apiserver`), to another. */
  readonly origins: Readonly<Record<string, string>>;
  /** Path of the kubeconfig that stands for the in-cluster configuration. */
  readonly kubeconfig: string;
}

const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Replaces mount paths and what lies below them, origins, and `inClusterConfig` (what Gardener's flags call it). A path that
 * only begins alike, or is part of another, is left alone.
 */
export function rewriter({ paths, origins, kubeconfig }: Places): Rewrite {
  const longestFirst = Object.entries(paths).sort(([one], [other]) => other.length - one.length);
  const rules: [string, string][] = [
    ...longestFirst.map(([path, dir]): [string, string] => [
      `(?<![\\w./-])${quote(path.replace(/\/$/, ''))}(?![\\w.-])`,
      dir,
    ]),
    ...Object.entries(origins).map(([origin, url]): [string, string] => [`${quote(origin)}(?::443)?(?![\\w.:-])`, url]),
    ['\\binClusterConfig\\b', kubeconfig],
  ];
  // All in one pass: one after the other, they would rewrite what a rule before put in.
  const all = new RegExp(rules.map(([rule]) => `(${rule})`).join('|'), 'g');
  return (text) =>
    text.replace(all, (match, ...groups) => {
      const index = groups.slice(0, rules.length).findIndex((group) => group !== undefined);
      return rules[index]?.[1] ?? match;
    });
}
