import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { InformerEvent } from './lister.ts';
import { until, watchNamespaces } from './namespace-watch.ts';
import type { KubeObject } from './object.ts';

function source() {
  const handlers: ((event: InformerEvent<KubeObject>) => void)[] = [];
  return {
    subscribe: (handler: (event: InformerEvent<KubeObject>) => void) => void handlers.push(handler),
    change(namespace: string) {
      const object = { metadata: { name: 'x', namespace } };
      for (const handler of handlers) handler({ type: 'update', old: object, object });
    },
  };
}

describe('until', () => {
  it('checks at once, and after changes in its namespace only, once for several', async () => {
    const [one, two] = [source(), source()];
    let checks = 0;
    let value: string | undefined;
    const watch = watchNamespaces([one, two]);
    const check = () => {
      checks += 1;
      return value;
    };
    const done = until(watch, 'ns', check, new AbortController().signal);
    expect(checks).toBe(1);
    one.change('other');
    await nextTurn();
    expect(checks).toBe(1);
    one.change('ns');
    two.change('ns');
    await nextTurn();
    expect(checks).toBe(2);
    value = 'ready';
    two.change('ns');
    expect(await done).toBe('ready');
    one.change('ns');
    expect(checks).toBe(3);
  });

  it('ends with the reason of its signal, and with what the check throws', async () => {
    const stop = new AbortController();
    const watch = watchNamespaces([source()]);
    const waiting = until(watch, 'ns', () => undefined, stop.signal);
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    const failing = until(
      watch,
      'ns',
      () => {
        throw new Error('failed');
      },
      new AbortController().signal,
    );
    await expect(failing).rejects.toThrow('failed');
  });
});
