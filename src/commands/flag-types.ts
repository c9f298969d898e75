import { isIP } from 'node:net';
import { type Address, parseAddress } from '../telemetry/address.ts';
import { type Flag, UsageError } from './flags.ts';

type Description = Omit<Flag<unknown>, 'parse' | 'fallback' | 'value'>;

export function text(value: string, fallback: string, description: Description): Flag<string> {
  return { ...description, value, fallback, parse: (given) => given };
}

/** Undefined when neither flag nor environment gives it. */
export function optionalText(value: string, description: Description): Flag<string | undefined> {
  return { ...description, value, fallback: undefined, parse: (given) => given || undefined };
}

export function flag(fallback: boolean, description: Description): Flag<boolean> {
  return { ...description, fallback: String(fallback), parse: (given) => oneOf(['true', 'false'], given) === 'true' };
}

export function choice<const C extends string>(choices: readonly C[], fallback: C, description: Description): Flag<C> {
  return { ...description, value: choices.join('|'), fallback, parse: (given) => oneOf(choices, given) };
}

/** A whole number of at least `minimum`. */
export function count(fallback: number, minimum: number, description: Description): Flag<number> {
  return {
    ...description,
    value: 'number',
    fallback: String(fallback),
    parse: (given) => {
      const number = Number(given);
      if (!/^\d+$/.test(given) || number < minimum)
        throw new UsageError(`must be a whole number of at least ${minimum}`);
      return number;
    },
  };
}

/** The same, undefined without the flag. */
export function optionalCount(minimum: number, description: Description): Flag<number | undefined> {
  return { ...count(minimum, minimum, description), fallback: undefined };
}

/** A comma-separated list drawn from `choices`. */
export function subset<const C extends string>(
  choices: readonly C[],
  fallback: readonly C[],
  description: Description,
): Flag<readonly C[]> {
  return {
    ...description,
    value: 'list',
    fallback: fallback.join(','),
    parse: (given) =>
      given
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean)
        .map((item) => oneOf(choices, item)),
  };
}

function oneOf<C extends string>(choices: readonly C[], given: string): C {
  const found = choices.find((choice) => choice === given);
  if (found === undefined) throw new UsageError(`must be ${choices.length > 1 ? 'one of ' : ''}${choices.join(', ')}`);
  return found;
}

/** Where to listen; undefined for `0`. */
export function address(fallback: string, description: Description): Flag<Address | undefined> {
  return { ...description, value: 'host:port', fallback, parse: parseAddress };
}

/** Paths, one for each time the flag is given; none without it. */
export function files(description: Description): Flag<readonly string[]> {
  return {
    ...description,
    value: 'path',
    isList: true,
    fallback: '',
    parse: (given) => given.split('\n').filter(Boolean),
  };
}

/** A comma-separated list of networks, IPv4 or IPv6. */
export function cidrs(fallback: string, description: Description): Flag<readonly string[]> {
  return { ...description, value: 'cidr[,cidr]', fallback, parse: (given) => given.split(',').map(cidr) };
}

function cidr(given: string): string {
  const [address = '', bits = '', ...rest] = given.trim().split('/');
  const family = isIP(address);
  const isLength = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  if (family === 0 || !isLength || rest.length > 0) throw new UsageError('must be networks like 10.0.0.0/22');
  return given.trim();
}
