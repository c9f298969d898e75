import type { Route } from '../context.ts';

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** Finds routes by segments; a fixed segment beats a parameter, so `/v1/machine/find` is never a machine called "find". */
export class Router {
  readonly #byShape = new Map<string, Compiled[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const segments = route.path.split('/');
      const key = `${route.method} ${segments.length}`;
      const list = this.#byShape.get(key) ?? [];
      list.push({ route, segments });
      list.sort((a, b) => parameterCount(a) - parameterCount(b));
      this.#byShape.set(key, list);
    }
  }

  /** `path` is still escaped, so that an escaped slash stays inside its segment. Undefined when nothing fits. */
  match(method: string, path: string): Match | undefined {
    const segments = path.replace(/\/$/, '').split('/');
    for (const { route, segments: pattern } of this.#byShape.get(`${method} ${segments.length}`) ?? []) {
      const params = bind(pattern, segments);
      if (params) return { route, params };
    }
    return undefined;
  }

  /** Whether the path exists with another method: 405 instead of 404. */
  knows(path: string): boolean {
    return ['GET', 'POST', 'PUT', 'DELETE'].some((method) => this.match(method, path) !== undefined);
  }
}

function parameterCount({ segments }: Compiled): number {
  return segments.filter((segment) => segment.startsWith('{')).length;
}

function bind(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (!expected.startsWith('{')) {
      if (expected !== actual) return undefined;
      continue;
    }
    const value = unescaped(actual);
    if (value === undefined || value === '') return undefined;
    params[expected.slice(1, -1)] = value;
  }
  return params;
}

function unescaped(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
