import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { eventually } from '../scene/eventually.ts';
import { type BusyDesk, sitDownAndMakeUp } from './docs/desk.ts';
import { type Page, readPages } from './docs/markdown.ts';
import { outputs } from './docs/outputs.ts';
import { notPrinted } from './docs/shown.ts';
import { type Step, typed } from './docs/step.ts';
import { lastSteps, steps } from './docs/steps.ts';
import { faultsOf, trialOf } from './docs/yaml-rules.ts';

/** The docs, followed by somebody who sits before `make up`. docs-coverage.test.ts sees that nothing is left out. */
const pages: readonly Page[] = await readPages();
let desk: BusyDesk;

beforeAll(async () => {
  desk = await sitDownAndMakeUp(join(inject('landscapeDir'), 'docs'), inject('parts'));
  for (const name of ['seed', 'garden']) {
    const text = await readFile(join(desk.dir, '.landscape', 'garden.kubeconfig'), 'utf8');
    await desk.write(`${name}.kubeconfig`, text);
  }
  await succeeds('cp .landscape/shoot.kubeconfig example/controllers.yaml .');
  await succeeds('kubectl config set-context --current --namespace=garden-local');
  await succeeds('kubectl get shoot example -o yaml > shoot.yaml');
  await desk.write('values.yaml', 'replicaCount: 3\n');
}, 180_000);
afterAll(() => desk?.[Symbol.asyncDispose]());

async function succeeds(command: string): Promise<void> {
  const { code, stdout, stderr } = await desk.run(command);
  expect({ command, code, said: code === 0 ? '' : stdout + stderr }).toEqual({ command, code: 0, said: '' });
}

describe('shows what is printed', () => {
  test.each(outputs)('$file: $begins', async ({ file, begins, command }) => {
    const blocks = pages.flatMap((page) => (page.file === file ? page.blocks : []));
    const shown = blocks.find(({ text }) => text.trimStart().startsWith(begins))?.text ?? 'no such block';
    const said = command === undefined ? undefined : await desk.run(command);
    const printed = said ? said.stderr + said.stdout : await desk.outputOfUp();
    expect(notPrinted(shown, printed), printed).toEqual([]);
  });
});

describe('YAML is taken by what reads it', () => {
  const blocks = pages.flatMap((page) => page.blocks).filter(({ language }) => language === 'yaml');
  test.each(blocks)('$file:$line', async ({ text }) => {
    const faults = faultsOf(text);
    if (faults !== undefined) return expect(faults).toBe('');
    const trial = await trialOf(text);
    if (!trial) throw new Error('there is no rule for such YAML: docs/yaml-rules.ts');
    await desk.write('block.yaml', trial.text);
    const { code, stdout, stderr } = await desk.run(trial.command);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain(trial.prints ?? '');
  });
});

async function carryOut(step: Step): Promise<void> {
  if (step.before) await succeeds(step.before);
  const kubeconfig = step.in === 'shoot' ? { kubeconfig: 'shoot.kubeconfig' } : {};
  const { code, stdout, stderr } = await desk.run(typed(step), kubeconfig);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout + stderr).toContain(step.prints ?? '');
  const { effect } = step;
  if (!effect) return;
  await eventually(async () => {
    const after = await desk.run(effect, kubeconfig);
    expect(after.code, after.stdout + after.stderr).toBe(0);
  }, 30_000);
}

describe('commands do what is said of them', () => {
  test.each(steps)('$command', carryOut);
});

test('what make up proposes to try works', async () => {
  const [, proposed = ''] = (await desk.outputOfUp()).split('Try next\n');
  const commands = proposed.split('\n').filter((line) => /^ {2}[^ #]/.test(line));
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) {
    const { code, stdout, stderr } = await desk.run(command);
    expect(code, command + stdout + stderr).toBe(command.includes('shoot-refused.yaml') ? 1 : 0);
  }
});

describe('commands for the end', () => {
  test.each(lastSteps)('$command', carryOut);
});
