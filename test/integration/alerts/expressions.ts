/** What an expression asks for: a metric, and the labels that it must have. */
export interface Figure {
  readonly metric: string;
  readonly labels: readonly string[];
}

const selector = /([a-zA-Z_:][\w:]*)\{([^}]*)\}/g;
const words = /[a-zA-Z_:][\w:]*/g;
/** `by (a, b) (`, up to the bracket of what is aggregated; `on (a)`. */
const aggregation = /\bby\s*\(([^)]*)\)\s*\(/g;
const matching = /\bon\s*\(([^)]*)\)/g;

const wordsIn = (text: string): readonly string[] => text.match(words) ?? [];

/**
 * The figures of an expression. Only what our expressions are made of is understood: every selector has braces, labels of
 * an aggregation stand before it.
 * @throws for a word that is neither selector nor label nor known: it may be a metric without braces
 */
export function figuresIn(expression: string): Figure[] {
  const plain = expression.replaceAll(/"[^"]*"/g, '""');
  const rest = [selector, /\b(?:by|on)\s*\([^)]*\)/g, /\[\w+\]/g].reduce(
    (text, part) => text.replaceAll(part, ' '),
    plain,
  );
  const unknown = wordsIn(rest).filter((word) => !known.has(word));
  if (unknown.length > 0) throw new Error(`${expression}: write ${unknown.join(', ')} with braces`);
  const matched = [...plain.matchAll(matching)].flatMap(([, labels = '']) => wordsIn(labels));
  const grouped = [...plain.matchAll(aggregation)].map(({ 0: head, 1: labels = '', index }) => {
    const from = index + head.length;
    return { from, to: closing(plain, from), labels: wordsIn(labels) };
  });
  return [...plain.matchAll(selector)].map(({ 1: metric = '', 2: matchers = '', index }) => {
    const around = grouped.filter(({ from, to }) => from <= index && index < to).flatMap(({ labels }) => labels);
    return { metric, labels: [...new Set([...wordsIn(matchers), ...around, ...matched])] };
  });
}

/** Where the bracket that is open at `from` is closed. */
function closing(text: string, from: number): number {
  let open = 1;
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === '(') open += 1;
    if (text[index] === ')') open -= 1;
    if (open === 0) return index;
  }
  return text.length;
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
