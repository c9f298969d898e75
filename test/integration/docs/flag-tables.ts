import type { Page, Table } from './markdown.ts';

/** The page with the table of flags of each command. */
export const pageOf: Readonly<Record<string, string>> = {
  controllers: 'docs/operations/controllers.md',
  admission: 'docs/operations/admission.md',
  'machine-controller': 'docs/operations/machine-controller.md',
  doctor: 'docs/operations/doctor.md',
  plan: 'docs/usage/plan.md',
};

export interface DocumentedFlag {
  readonly name: string;
  /** As the page has it; undefined where it has no such column. */
  readonly fallback: string | undefined;
}

export function flagsOf(page: Page | undefined): DocumentedFlag[] {
  const [table] = (page?.tables ?? []).filter(({ head: [first] }) => first === 'flag');
  return table ? table.rows.flatMap((row) => flagsIn(row, table)) : [];
}

/** One row may have several flags, and their defaults in the same order. `-b` behind `--a-x` is `--a-b`. */
function flagsIn([cell = '', second = '']: readonly string[], { head }: Table): DocumentedFlag[] {
  const names = codes(cell).filter((code) => !/^-\w$/.test(code));
  const fallbacks = head[1] === 'default' ? codes(second) : undefined;
  const [first = ''] = names;
  return names.map((name, index) => ({
    name: name.startsWith('--') ? name.slice(2).replace(/=.*/, '') : beside(first, name),
    fallback: fallbacks && (fallbacks[index] ?? ''),
  }));
}

const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const beside = (first: string, ending: string): string => `${first.slice(2).split('-').slice(0, 2).join('-')}${ending}`;

/** What `--help` says: names, and defaults without the spaces that wrapping puts in. */
export function flagsOfHelp(help: string): Map<string, string> {
  const parts = help.split(/^ {2}(?:-\w, )?--/m).slice(1);
  return new Map(
    parts.map((part) => {
      const [, name = ''] = /^([\w-]+)/.exec(part) ?? [];
      const text = part.replace(/\s+/g, ' ');
      return [name, /\(default (.*?)(?:, environment \w+)?\) ?$/.exec(text)?.[1] ?? ''];
    }),
  );
}
