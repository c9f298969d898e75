import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { makeUp, sitDown } from './docs/desk.ts';

test('make up ONCE=1 OUTPUT=json prints the outcome as one JSON document, and leaves nothing running', async () => {
  const desk = await sitDown(join(inject('landscapeDir'), 'once'), inject('parts'));
  const { command, args, env } = makeUp;
  const typed = [command, ...args, 'ONCE=1', 'OUTPUT=json'].join(' ');
  // KUBECONFIG names a file that is not there, and nobody minds.
  const { code, stdout, stderr } = await desk.run(`NODE_OPTIONS='${env.NODE_OPTIONS}' ${typed}`);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ shoot: 'garden-local/example', ready: true });
  // The shell itself is no match.
  expect(await desk.run('pgrep -f "$PWD[/]"')).toEqual({ code: 1, stdout: '', stderr: '' });
});
