import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import type { Container, EnvVar, Volume } from './pod-spec.ts';
import { containerPort, processPlan, readinessUrl } from './process-plan.ts';
import type { Program } from './program.ts';
import type { Sources } from './sources.ts';

const sources: Sources = new Map([
  ['Secret/credentials', { hmac: Buffer.from('secret') }],
  ['Secret/generic', { kubeconfig: Buffer.from('server: https://kube-apiserver\ntokenFile: /shoot/token\n') }],
  ['Secret/access', { token: Buffer.from('a token'), other: Buffer.from('left out') }],
  ['Secret/binary', { blob: Buffer.from([0xff, 0xfe, 0x00]) }],
  ['ConfigMap/settings', { level: Buffer.from('info') }],
]);

function plan(container: Partial<Container>, program: Partial<Program> = {}, volumes: readonly Volume[] = []) {
  const own: Container = { name: 'main', image: 'image', ...container };
  return processPlan({
    ...{ namespace: 'shoot--a--b', podName: 'manager', dir: '/pod', kubeconfig: '/pod/kubeconfig', sources },
    pod: { containers: [own], volumes },
    container: own,
    program: { command: ['/bin/manager'], ...program },
    origins: { 'https://kube-apiserver': 'https://127.0.0.1:6443' },
    ports: new Map(Object.keys(program.ports ?? {}).map((port) => [Number(port), Number(port) + 30_000])),
  });
}

describe('the command line', () => {
  const node = { command: ['/bin/node', 'main.mjs'] } as const;
  test.each<[string, Partial<Container>, Partial<Program>, string[]]>([
    ['arguments', { args: ['--v=3'] }, {}, ['--v=3']],
    [
      'a command, whose first word is the image’s own',
      { command: ['./manager', '--a'], args: ['--b'] },
      {},
      ['--a', '--b'],
    ],
    ['first arguments of the program', { args: ['machine'] }, node, ['main.mjs', 'machine']],
    [
      'what the program wants besides, last',
      { args: ['--elect'] },
      { args: ['--elect=false'] },
      ['--elect', '--elect=false'],
    ],
    [
      'a port of its own',
      { args: ['--port=8080'] },
      { ports: { 8080: (port) => ({ args: [`--port=${port}`] }) } },
      ['--port=8080', '--port=38080'],
    ],
  ])('has %s', (_, container, program, expected) => {
    expect(plan(container, program).args).toEqual(expected);
  });
});

describe('the environment', () => {
  test.each<[string, EnvVar, string]>([
    ['a value', { name: 'X', value: 'https://kube-apiserver' }, 'https://127.0.0.1:6443'],
    ['of a Secret', { name: 'X', valueFrom: { secretKeyRef: { name: 'credentials', key: 'hmac' } } }, 'secret'],
    ['of a ConfigMap', { name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'level' } } }, 'info'],
    ['of a field', { name: 'X', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }, 'shoot--a--b'],
    ['optional', { name: 'X', valueFrom: { secretKeyRef: { name: 'none', key: 'x', optional: true } } }, ''],
  ])('%s', (_, entry, expected) => {
    expect(plan({ env: [entry] }).env).toEqual({ KUBECONFIG: '/pod/kubeconfig', X: expected });
  });

  test('the program’s settings win', () => {
    const ports = { 9443: (port: number) => ({ env: { PORT: String(port) } }) };
    expect(plan({ env: [{ name: 'PORT', value: '9443' }] }, { env: { HOST: 'here' }, ports }).env).toMatchObject({
      HOST: 'here',
      PORT: '39443',
    });
  });
});

describe('volumes', () => {
  const mount = (name: string, mountPath: string) => ({ volumeMounts: [{ name, mountPath }] });

  test('a generic kubeconfig finds its token and the API server', () => {
    const items = [{ key: 'token', path: 'token' }];
    const projected = { sources: [{ secret: { name: 'generic' } }, { secret: { name: 'access', items } }] };
    const { files, args } = plan({ args: ['--kubeconfig=/shoot/kubeconfig'], ...mount('kubeconfig', '/shoot') }, {}, [
      { name: 'kubeconfig', projected },
    ]);
    expect(args).toEqual(['--kubeconfig=/pod/main/kubeconfig/kubeconfig']);
    expect(Object.fromEntries([...files].map(([path, bytes]) => [path, bytes.toString()]))).toEqual({
      '/pod/main/kubeconfig/kubeconfig': 'server: https://127.0.0.1:6443\ntokenFile: /pod/main/kubeconfig/token\n',
      '/pod/main/kubeconfig/token': 'a token',
    });
  });

  test('an emptyDir belongs to the pod, one that is not mounted is left out', () => {
    const volumes = [
      { name: 'scratch', emptyDir: {} },
      { name: 'unused', secret: { secretName: 'missing' } },
    ];
    const { dirs, files } = plan(mount('scratch', '/scratch'), {}, volumes);
    expect(dirs).toEqual(['/pod/shared/scratch']);
    expect(files.size).toBe(0);
  });

  test('what is not text stays as it is', () => {
    const { files } = plan(mount('blob', '/blob'), {}, [{ name: 'blob', secret: { secretName: 'binary' } }]);
    expect(files.get('/pod/main/blob/blob')).toEqual(Buffer.from([0xff, 0xfe, 0x00]));
  });
});

test.each<[string, Partial<Container>, Volume[]]>([
  ['Secret none does not exist', { env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'none', key: 'x' } } }] }, []],
  [
    'Secret credentials has no x',
    { env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'credentials', key: 'x' } } }] },
    [],
  ],
  [
    'Secret access has no kubeconfig',
    { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    [{ name: 'v', secret: { secretName: 'access', items: [{ key: 'kubeconfig', path: 'x' }] } }],
  ],
])('waits: %s', (message, container, volumes) => {
  expect(() => plan(container, {}, volumes)).toThrow(message);
});

test('ports and probes by number and name', () => {
  const ports = [{ name: 'health', containerPort: 8081 }];
  expect(containerPort({ ports }, 'health')).toBe(8081);
  const container = { name: 'main', image: '', ports, readinessProbe: { httpGet: { path: '/ready', port: 'health' } } };
  expect(readinessUrl(container, new Map([[8081, 40_000]]))).toBe('http://127.0.0.1:40000/ready');
  expect(readinessUrl(container, new Map())).toBeUndefined();
});
