import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createConnectionSource } from './connection.ts';
import { createFakeClock } from './fake-clock.ts';
import { loadKubeconfig } from './kubeconfig.ts';

interface Entry {
  readonly name?: string;
  readonly server?: string;
  readonly user?: object;
}

function document({ name = 'a', server = 'https://one.example:6443', user = { token: 't' } }: Entry = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (name: string, content: string): string => {
  writeFileSync(join(dir, name), content);
  return join(dir, name);
};

describe('loadKubeconfig', () => {
  test('the given file is before the environment', () => {
    const given = write('given', document({ server: 'https://given' }));
    const env = { KUBECONFIG: write('env', document({ server: 'https://env' })) };
    expect(loadKubeconfig({ kubeconfig: given }, env).config.getCurrentCluster()?.server).toBe('https://given');
    expect(loadKubeconfig({}, env).config.getCurrentCluster()?.server).toBe('https://env');
  });

  test('files of a list are merged; those that are absent do not matter', () => {
    const first = write('1', document({ name: 'a' }));
    const second = write('2', document({ name: 'b', server: 'https://two' }));
    const env = { KUBECONFIG: [join(dir, 'absent'), first, second].join(delimiter) };
    const { config, files } = loadKubeconfig({ context: 'b' }, env);
    expect(files).toEqual([first, second]);
    expect(config.getCurrentCluster()?.server).toBe('https://two');
    expect(loadKubeconfig({}, env).config.getCurrentContext()).toBe('a');
  });

  test.each([
    ['an absent file', { kubeconfig: '/absent' }, 'ENOENT'],
    ['a text', { content: 'hello' }, 'not a YAML mapping'],
    ['an unknown context', { content: document(), context: 'x' }, 'no cluster for context "x"'],
    ['an empty mapping', { content: '{}' }, 'no cluster for context'],
    ['nothing at all', {}, 'no kubeconfig'],
  ])('says what is wrong with %s', (_, source, message) => {
    expect(() => loadKubeconfig(source, { HOME: dir })).toThrow(message);
  });

  test('shows nothing of a text that is no YAML', () => {
    const content = 'users:\n- user:\n    token: hidden\n   name: a\n';
    expect(() => loadKubeconfig({ content })).toThrow(/^kubeconfig: not YAML: (?!.*hidden)[^\n]* in line 4$/);
  });
});

describe('createConnectionSource', () => {
  const headers = async (user: object) => {
    const source = createConnectionSource({ content: document({ user }), clock: createFakeClock() });
    return (await source.current()).headers;
  };

  test.each([
    ['token', { token: 'abc' }, { authorization: 'Bearer abc' }],
    ['basic', { username: 'u', password: 'p' }, { authorization: `Basic ${btoa('u:p')}` }],
    ['impersonation', { token: 'abc', as: 'jane' }, { authorization: 'Bearer abc', 'impersonate-user': 'jane' }],
    [
      'exec plugin',
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: process.execPath,
          args: [
            '-e',
            'console.log(JSON.stringify({status: {token: JSON.parse(process.env.KUBERNETES_EXEC_INFO).kind}}))',
          ],
        },
      },
      { authorization: 'Bearer ExecCredential' },
    ],
  ])('authenticates by %s', async (_, user, expected) => expect(await headers(user)).toEqual(expected));

  test('a token file is relative to the kubeconfig, wins over a token, and is read again', async () => {
    write('token', 'first\n');
    const file = write('config', document({ user: { token: 'old', tokenFile: 'token' } }));
    const source = createConnectionSource({ kubeconfig: file, clock: createFakeClock() });
    expect((await source.current()).headers.authorization).toBe('Bearer first');
    write('token', 'second\n');
    expect((await source.current()).headers.authorization).toBe('Bearer first');
    write('config', `${document({ user: { token: 'old', tokenFile: 'token' } })}\n`);
    expect((await source.refresh()).headers.authorization).toBe('Bearer second');
  });

  test('a base path and plain http are kept', async () => {
    const content = document({ server: 'http://localhost:8001/k8s/clusters/c-1/' });
    const source = createConnectionSource({ content, clock: createFakeClock() });
    expect(await source.current()).toMatchObject({ origin: 'http://localhost:8001', basePath: '/k8s/clusters/c-1' });
  });

  test('a rewritten file is seen within seconds; half a file changes nothing', async () => {
    const clock = createFakeClock();
    const file = write('config', document());
    const source = createConnectionSource({ kubeconfig: file, clock });
    const first = await source.current();
    write('config', document({ server: 'https://two.example:6443' }).slice(0, 40));
    clock.advance(5_000);
    expect(await source.current()).toBe(first);
    write('config', document({ server: 'https://two.example:6443' }));
    clock.advance(5_000);
    const second = await source.current();
    expect(second.origin).toBe('https://two.example:6443');
    expect(second.socketId).not.toBe(first.socketId);
    rmSync(file);
    clock.advance(5_000);
    expect((await source.current()).origin).toBe(second.origin);
  });

  test('callers that come together read once', async () => {
    const clock = createFakeClock();
    const source = createConnectionSource({ content: document(), clock });
    const [one, two] = await Promise.all([source.current(), source.current()]);
    expect(one).toBe(two);
  });
});
