import { parseArgs } from 'node:util';
import { nearest } from '../apis/nearest.ts';

/** One flag of a command. The default is a text too, so that help can show it. */
export interface Flag<T> {
  readonly parse: (text: string) => T;
  readonly fallback: string | undefined;
  /** Environment variable that supplies the value when the flag is absent. */
  readonly env?: string;
  /** Shown in help for the value: `host:port`, `number` ... Absent for a switch. */
  readonly value?: string;
  /** One letter: `-f` beside `--filename`. */
  readonly short?: string;
  /** May be given again, and takes what stands alone on the line; the texts are joined by line ends. */
  readonly isList?: boolean;
  readonly help: string;
}

export type Flags = Record<string, Flag<unknown>>;
export type FlagValues<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never;
};

/** A mistake of the person at the keyboard: the message is all that they need to see. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** By name, not by class: a command that is loaded on demand brings a class of its own. */
export function isUsageError(error: Error): boolean {
  return error.name === 'UsageError';
}

/** Throws UsageError that names the flag, the value and what is allowed. Accepts `--flag=value` and `--flag value`. */
export function parseFlags<F extends Flags>(flags: F, args: readonly string[], env: NodeJS.ProcessEnv): FlagValues<F> {
  const given = readArgs(flags, args);
  const problems: string[] = [];
  const values = Object.entries(flags).map(([name, flag]) => {
    const text = given[name] ?? (flag.env ? env[flag.env] : undefined) ?? flag.fallback;
    try {
      return [name, text === undefined ? undefined : flag.parse(text)];
    } catch (error) {
      problems.push(`--${name}=${text}: ${error instanceof Error ? error.message : String(error)}`);
      return [name, undefined];
    }
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return Object.fromEntries(values) as FlagValues<F>;
}

function readArgs(flags: Flags, args: readonly string[]): Record<string, string | undefined> {
  const isSwitch = (arg: string) => arg.startsWith('--') && flags[arg.slice(2)] && !flags[arg.slice(2)]?.value;
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { short }]) => [name, { type: 'string' as const, ...(short ? { short } : {}) }]),
  );
  const list = Object.keys(flags).find((name) => flags[name]?.isList);
  const spelled = args.map((arg) => (isSwitch(arg) ? `${arg}=true` : arg));
  const { tokens } = parseArgs({ args: spelled, options, strict: false, allowPositionals: true, tokens: true });
  const given: Record<string, string | undefined> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (list === undefined) throw new UsageError(`unexpected argument "${token.value}"`);
      given[list] = joined(given[list], token.value);
      continue;
    }
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(flags, token.name)) throw new UsageError(unknown(token.rawName, token.name, flags));
    if (token.value === undefined) throw new UsageError(`${token.rawName} needs a value`);
    given[token.name] = flags[token.name]?.isList ? joined(given[token.name], token.value) : token.value;
  }
  return given;
}

const joined = (before: string | undefined, text: string): string =>
  before === undefined ? text : `${before}\n${text}`;

function unknown(raw: string, name: string, flags: Flags): string {
  const meant = nearest(name, Object.keys(flags));
  return `unknown flag ${raw}${meant ? `, did you mean --${meant}?` : ''}`;
}

/** Aligned lines, one for each flag, wrapped for a terminal of 100 columns. */
export function describeFlags(flags: Flags): string {
  return Object.entries(flags)
    .map(([name, flag]) => {
      const extras = [
        flag.fallback ? `default ${flag.fallback}` : '',
        flag.env ? `environment ${flag.env}` : '',
      ].filter(Boolean);
      const head = `  ${flag.short ? `-${flag.short}, ` : ''}--${name}${flag.value ? `=<${flag.value}>` : ''}`;
      const help = extras.length > 0 ? `${flag.help} (${extras.join(', ')})` : flag.help;
      return `${head}\n${wrap(help, 90)
        .map((line) => `      ${line}`)
        .join('\n')}`;
    })
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
