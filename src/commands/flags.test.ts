import { describe, expect, it } from 'vitest';
import { choice, cidrs, count, files, flag, optionalText, subset, text } from './flag-types.ts';
import { describeFlags, parseFlags, UsageError } from './flags.ts';

const flags = {
  address: text('host:port', ':8080', { help: 'Where.' }),
  file: optionalText('path', { env: 'THE_FILE', help: 'Which.' }),
  'leader-election': flag(true, { help: 'Whether.' }),
  workers: count(5, 1, { help: 'How many.' }),
  level: choice(['debug', 'info'], 'info', { help: 'How much.' }),
  parts: subset(['a', 'b'], ['a', 'b'], { help: 'What.' }),
};
const parse = (args: string[], env = {}) => parseFlags(flags, args, env);

describe('parseFlags', () => {
  it('fills in what is not given', () =>
    expect(parse([])).toEqual({
      address: ':8080',
      file: undefined,
      'leader-election': true,
      workers: 5,
      level: 'info',
      parts: ['a', 'b'],
    }));

  it.each([
    ['joined', ['--workers=7'], { workers: 7 }],
    ['apart', ['--workers', '7'], { workers: 7 }],
    ['switch alone', ['--leader-election'], { 'leader-election': true }],
    ['switch turned off', ['--leader-election=false'], { 'leader-election': false }],
    ['switch before another flag', ['--leader-election', '--workers=2'], { workers: 2 }],
    ['list', ['--parts=b'], { parts: ['b'] }],
    ['empty list', ['--parts='], { parts: [] }],
    ['last wins', ['--workers=1', '--workers=2'], { workers: 2 }],
  ])('%s', (_, args, expected) => expect(parse(args)).toMatchObject(expected));

  it('prefers the flag to the environment, the environment to the default', () => {
    expect(parse([], { THE_FILE: 'env' }).file).toBe('env');
    expect(parse(['--file=flag'], { THE_FILE: 'env' }).file).toBe('flag');
  });

  it.each([
    [['--worker=1'], 'unknown flag --worker, did you mean --workers?'],
    [['--zzzzzzzz'], 'unknown flag --zzzzzzzz'],
    [['stray'], 'unexpected argument "stray"'],
    [['--workers=0'], '--workers=0: must be a whole number of at least 1'],
    [['--workers=1e3'], '--workers=1e3: must be a whole number of at least 1'],
    [['--workers'], '--workers needs a value'],
    [['--level=loud'], '--level=loud: must be one of debug, info'],
    [['--leader-election=yes'], '--leader-election=yes: must be one of true, false'],
    [['--parts=a,c'], '--parts=a,c: must be one of a, b'],
    [['--constructor=1'], 'unknown flag --constructor'],
  ])('%j is refused', (args, message) => expect(() => parse(args)).toThrow(new UsageError(message)));

  it('tells all bad values at once', () =>
    expect(() => parse(['--workers=x', '--level=y'])).toThrow(/--workers=x.*\n--level=y/));
});

it.each([
  ['10.0.0.0/8', ['10.0.0.0/8']],
  ['10.0.0.0/22, fd00::/64', ['10.0.0.0/22', 'fd00::/64']],
])('networks in %s', (given, expected) => {
  expect(parseFlags({ cidr: cidrs('10.0.0.0/8', { help: '' }) }, [`--cidr=${given}`], {}).cidr).toEqual(expected);
});

it.each(['', '10.0.0.0', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/8/8', 'x/8'])('%j is no network', (given) => {
  const flags = { cidr: cidrs('10.0.0.0/8', { help: '' }) };
  expect(() => parseFlags(flags, [`--cidr=${given}`], {})).toThrow('must be networks like');
});

describe('a list', () => {
  const withFiles = {
    filename: files({ short: 'f', help: 'Which.' }),
    output: text('form', 'yaml', { short: 'o', help: 'How.' }),
  };
  const parseFiles = (...args: string[]) => parseFlags(withFiles, args, {});

  it.each([
    ['is empty at first', [], []],
    ['takes one', ['--filename=a'], ['a']],
    ['takes several', ['--filename=a', '-f', 'b', '-fc'], ['a', 'b', 'c']],
    ['takes what stands alone, as a shell writes out f*.yaml', ['-f', 'a', 'b', '-o', 'json', 'c'], ['a', 'b', 'c']],
    ['takes standard input', ['-f', '-'], ['-']],
    ['leaves commas alone', ['-f', 'a,b'], ['a,b']],
  ])('%s', (_, args, filename) => expect(parseFiles(...args)).toMatchObject({ filename }));

  it('is described with its letter', () => expect(describeFlags(withFiles)).toContain('-f, --filename=<path>'));
});

describe('describeFlags', () => {
  it('shows value, default and environment', () => {
    const help = describeFlags(flags);
    expect(help).toContain('--address=<host:port>\n      Where. (default :8080)');
    expect(help).toContain('--file=<path>\n      Which. (environment THE_FILE)');
    expect(help).toContain('--leader-election\n      Whether. (default true)');
  });
});
