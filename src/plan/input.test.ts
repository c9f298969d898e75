import { describe, expect, test } from 'vitest';
import { InputError, readDocuments } from './documents.ts';
import { sortInput } from './input.ts';

const shoot = (name: string) => `apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata: {name: ${name}, namespace: garden-fruit}
spec: {region: fra, provider: {type: metal}}
`;

describe('documents', () => {
  test('YAML documents, JSON, Lists and items without a kind', () => {
    const kinds = (text: string) => readDocuments(text, 'f').map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds(`---\n${shoot('apple')}---\n---\n${shoot('pear')}`)).toEqual(['Shoot apple', 'Shoot pear']);
    expect(kinds('{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"}}')).toEqual(['Secret s']);
    expect(
      kinds(`apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}`),
    ).toEqual(['ConfigMap c']);
    expect(kinds('apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: s}')).toEqual(['Secret s']);
  });

  test.each([
    ['no YAML', 'a: 1\nb: [', 'f.yaml is neither YAML nor JSON'],
    ['no object', '- 1', 'f.yaml is no Kubernetes object'],
    ['no kind', `${shoot('a')}---\napiVersion: v1`, 'f.yaml, document 2 is no Kubernetes object'],
    ['no name', 'apiVersion: v1\nkind: Secret\nmetadata: {}', 'f.yaml has no metadata.name'],
    [
      'a mistyped kind',
      shoot('a').replace('Shoot', 'Shot'),
      'no kind Shot in core.gardener.cloud/v1beta1, did you mean Shoot?',
    ],
    ['a kind that is a number', 'apiVersion: v1\nkind: 1', 'must be texts'],
  ])('%s', (_, text, message) => {
    expect(() => readDocuments(text, 'f.yaml')).toThrow(InputError);
    expect(() => readDocuments(text, 'f.yaml')).toThrow(message);
  });
});

test.each(['metalAPIHMac: hush', 'other: *hush'])('a mistake in a Secret does not show what is in it: %s', (line) => {
  const text = `stringData:\n  metalAPIHMac: hush\n  ${line}`;
  expect(() => readDocuments(text, 'f')).toThrow(/^f is neither YAML nor JSON: (?!.*hush).* in line 3$/);
});

describe('input', () => {
  const two = readDocuments(`${shoot('apple')}---\n${shoot('pear')}`, 'f');

  test.each([
    ['by name', 'pear'],
    ['by namespace and name', 'garden-fruit/pear'],
  ])('chooses a Shoot %s', (_, wanted) => {
    expect(sortInput(two, wanted).shoot.metadata.name).toBe('pear');
  });

  test.each([
    ['none', [], undefined, 'no Shoot is given: add its file with -f. Given: nothing'],
    ['several', two, undefined, 'choose one with --shoot: garden-fruit/apple, garden-fruit/pear'],
    ['an unknown one', two, 'aple', 'no Shoot aple is given, did you mean apple?'],
  ])('of %s says what to do', (_, documents, wanted, message) => {
    expect(() => sortInput(documents, wanted)).toThrow(message);
  });

  test.each([
    ['no provider', 'provider: {type: metal}', 'x: 1', 'Shoot apple has no spec.provider.type'],
    ['no object for a spec', /spec: .*/, 'spec: 7', 'Shoot apple cannot be read: spec:'],
    ['no namespace', ', namespace: garden-fruit', '', 'Shoot apple has no metadata.namespace'],
  ])('refuses a Shoot with %s', (_, text, instead, message) => {
    const documents = readDocuments(shoot('apple').replace(text, instead), 'f');
    expect(() => sortInput(documents, undefined)).toThrow(message);
  });

  test('sorts by what documents are for', () => {
    const text = `${shoot('apple')}
---
{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {key: value}}
---
{apiVersion: metal.provider.extensions.config.gardener.cloud/v1alpha1, kind: ControllerConfiguration}
---
{apiVersion: machine.sapcloud.io/v1alpha1, kind: MachineClass, metadata: {name: c}}`;
    const input = sortInput(readDocuments(text, 'f'), undefined);
    expect(input.secrets).toMatchObject([{ data: { key: Buffer.from('value').toString('base64') } }]);
    expect(input.configuration).toMatchObject({ kind: 'ControllerConfiguration' });
    expect(input.existing.map(({ kind }) => kind)).toEqual(['MachineClass']);
  });
});
