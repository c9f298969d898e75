/** What an expression asks for: a metric, and the labels that it must have. */
export interface Figure {
  readonly metric: string;
  readonly labels: readonly string[];
}

const selector = /([a-zA-Z_:][\w:]*)\{([^}]*)\}/g;
const grouping = /\b(?:by|on)\s*\(([^)]*)\)/g;
const words = /[a-zA-Z_:][\w:]*/g;

/**
 * The figures of an expression. Only what our expressions are made of is understood: every selector has braces, and what
 * the whole expression groups by or matches on is asked of each of its figures.
 * @throws for a word that is neither selector nor label nor known: it may be a metric without braces
 */
export function figuresIn(expression: string): Figure[] {
  const plain = expression.replaceAll(/"[^"]*"/g, '""');
  const groups = [...plain.matchAll(grouping)].flatMap(([, list = '']) => list.match(words) ?? []);
  const rest = plain
    .replaceAll(selector, ' ')
    .replaceAll(grouping, ' ')
    .replaceAll(/\[\w+\]/g, ' ');
  const unknown = (rest.match(words) ?? []).filter((word) => !known.has(word));
  if (unknown.length > 0) throw new Error(`${expression}: write ${unknown.join(', ')} with braces`);
  return [...plain.matchAll(selector)].map(([, metric = '', matchers = '']) => ({
    metric,
    labels: [...new Set([...(matchers.replaceAll('""', '').match(words) ?? []), ...groups])],
  }));
}

const known: ReadonlySet<string> = new Set([
  ...['sum', 'max', 'min', 'count', 'and', 'or', 'unless', 'group_left'],
  ...['absent', 'time', 'rate', 'increase', 'histogram_quantile', 'label_replace'],
]);

/** Labels by metric, of all of its series, as a process shows them. */
export type Exposition = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the text of /metrics. */
export function readExposition(text: string): Exposition {
  const metrics = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [, metric, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (!metric) continue;
    const all = metrics.get(metric) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) all.add(label);
    metrics.set(metric, all);
  }
  return metrics;
}

/** What Prometheus adds to each series that it scrapes. */
const ofTarget: ReadonlySet<string> = new Set(['job', 'instance', 'pod', 'namespace']);

/** Figures that are not there, each with what is missing. */
export function missing(figures: readonly Figure[], exposition: Exposition): string[] {
  return figures.flatMap(({ metric, labels }) => {
    if (metric === 'up') return [];
    const there = exposition.get(metric);
    if (!there) return [metric];
    return labels.filter((label) => !there.has(label) && !ofTarget.has(label)).map((label) => `${metric}{${label}}`);
  });
}
