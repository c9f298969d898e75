import { describe, expect, it } from 'vitest';
import { createLogger, type LogOptions } from './log.ts';

function setup(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createLogger({
    name: 'espalier',
    level: 'info',
    format: 'json',
    destination: { write: (line: string) => void lines.push(line) },
    ...options,
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('json log', () => {
  it('has the keys that Gardener parses', () => {
    const { log, last, lines } = setup();
    log.child({ controller: 'infra', name: 'x' }).info({ count: 3 }, 'Reconciled');
    expect(last()).toEqual({
      level: 'info',
      ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      logger: 'espalier',
      controller: 'infra',
      name: 'x',
      count: 3,
      msg: 'Reconciled',
    });
    expect(lines[0]?.endsWith('}\n')).toBe(true);
  });

  it('replaces a key that is bound again', () => {
    const { log, lines } = setup();
    log.child({ logger: 'infra', name: 'a' }).child({ name: 'b' }).info({}, 'm');
    expect(lines[0]?.match(/"name":/g)).toHaveLength(1);
    expect(lines[0]).toContain('"logger":"infra","name":"b"');
  });

  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ] as const)('at level %s writes %i of four', (level, count) => {
    const { log, lines } = setup({ level });
    log.debug({}, 'm');
    log.info({}, 'm');
    log.warn({}, 'm');
    log.error({}, 'm');
    expect(lines).toHaveLength(count);
  });

  it('writes errors as text with causes, and the stack beside it', () => {
    const { log, last } = setup();
    const error = new Error('create network', {
      cause: new Error('post /v1/network', { cause: new Error('ECONNREFUSED') }),
    });
    log.error({ error }, 'Reconcile failed');
    expect(last()).toMatchObject({
      error: 'create network: post /v1/network: ECONNREFUSED',
      stacktrace: expect.stringMatching(/^at .+log\.test\.ts/),
    });
    log.warn({ err: new AggregateError([new Error('a'), new Error('b')]), other: new TypeError('t') }, 'm');
    expect(last()).toMatchObject({ error: 'a; b', other: 't' });
    const loop = new Error('loop');
    loop.cause = loop;
    log.warn({ error: loop, thrown: undefined }, 'm');
    expect(last()).toMatchObject({ error: 'loop' });
  });

  const secret = 'hunter2hunter2';
  const secrets: [string, Record<string, unknown>][] = [
    [
      'an error with headers and a body',
      { error: Object.assign(new Error('x'), { headers: { authorization: secret }, body: secret }) },
    ],
    ['an error in a value', { detail: { inner: Object.assign(new Error('x'), { config: secret }) } }],
    ['a url in a message', { error: new Error(`GET https://admin:${secret}@api.metal/v1: refused`) }],
    ['a bearer token in a message', { error: new Error(`header Authorization: Bearer ${secret}`) }],
    ['a signature in a message', { error: new Error(`authorization: Metal-Admin ${secret}`) }],
    ['a cause', { error: new Error('x', { cause: new Error(`https://u:${secret}@h`) }) }],
    [
      'a Secret of Kubernetes',
      { object: { kind: 'Secret', metadata: { name: 'n' }, data: { a: secret }, stringData: { b: secret } } },
    ],
    ['a Secret in a list', { items: [{ kind: 'Secret', data: { a: secret } }] }],
    [
      'names of secrets',
      { password: secret, hmac: secret, apiHMAC: secret, kubeconfig: secret, accessToken: secret, 'tls.key': secret },
    ],
    ['names of secrets in the configuration', { adminKey: secret, apiKey: secret, encodedDockerConfigJSON: secret }],
    ['nested names', { options: { request: { headers: { x: secret } } } }],
    ['bytes', { payload: Buffer.from(secret) }],
    ['a private key', { text: `-----BEGIN EC PRIVATE KEY-----\n${secret}\n-----END EC PRIVATE KEY-----` }],
  ];
  it.each(secrets)('does not write what is secret in %s', (_, values) => {
    const { log, lines } = setup();
    log.info(values, 'm');
    log.child(values).info({}, 'm');
    const text = setup({ format: 'text', level: 'debug' });
    text.log.info(values, 'm');
    const all = [...lines, ...text.lines].join('');
    expect(all).not.toContain(secret);
    expect(all).not.toContain(Buffer.from(secret).toString('base64'));
    expect(lines).toHaveLength(2);
  });

  it('leaves references and names in sight', () => {
    const { log, last } = setup();
    log.info({ secretRef: { name: 'cloudprovider' }, network: 'n', tokenExpirationSeconds: 5 }, 'm');
    expect(last()).toMatchObject({ secretRef: { name: 'cloudprovider' }, network: 'n', tokenExpirationSeconds: 5 });
  });

  it('writes what JSON cannot', () => {
    const { log, last } = setup();
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    log.info(
      { big: 2n ** 70n, loop, date: new Date(0), bad: new Date(Number.NaN), none: undefined, nothing: null },
      'm',
    );
    expect(last()).toMatchObject({
      big: '1180591620717411303424',
      date: '1970-01-01T00:00:00.000Z',
      bad: 'invalid date',
      nothing: null,
    });
  });
});

describe('text log', () => {
  it('is one aligned line', () => {
    const { log, lines } = setup({ format: 'text' });
    const run = log.child({
      controller: 'infra',
      object: { namespace: 'ns', name: 'n' },
      namespace: 'ns',
      name: 'n',
      reconcileID: 'x',
    });
    run.info({ networks: 2, cidr: '10.0.0.0/22', note: 'two words' }, 'Reconciled');
    run.error({ error: new Error('line one\nline two') }, 'Reconcile failed');
    log.warn({}, 'Short');
    expect(lines.map((line) => line.slice(12))).toEqual([
      ` INFO  espalier     Reconciled                               ns/n controller=infra networks=2 cidr=10.0.0.0/22 note="two words"\n`,
      ` ERROR espalier     Reconcile failed                         ns/n controller=infra error="line one\\nline two"\n`,
      ' WARN  espalier     Short\n',
    ]);
  });

  it('has the stack at level debug', () => {
    const { log, lines } = setup({ format: 'text', level: 'debug' });
    log.error({ error: new Error('x') }, 'm');
    expect(lines[0]).toMatch(/error=x\n {4}at /);
  });
});
