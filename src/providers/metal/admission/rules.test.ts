import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changed, NOW, validProfile, validShoot } from './fixtures.ts';
import { createAdmissionRules } from './rules.ts';

const rules = createAdmissionRules();

/** Every path of a value, for a mutation to pick. */
function pathsOf(value: unknown, prefix: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [...prefix, key].join('/'),
    ...pathsOf(inner, [...prefix, key]),
  ]);
}

const poison = fc.constantFrom(
  JSON.parse('{"__proto__":{"spec":1},"constructor":{"prototype":{}},"toString":"x"}'),
  '__proto__',
  'constructor',
  '-1',
  '1e400',
  '::ffff:1.2.3.4%eth0/129',
  'x'.repeat(100_000),
  Number.MAX_VALUE,
  -0.5,
  [null],
  [[[]]],
);
const anything = fc.oneof({ weight: 3, arbitrary: fc.jsonValue({ maxDepth: 4 }) }, poison, fc.constant(undefined));

function mutationsOf<T extends object>(valid: () => T): fc.Arbitrary<T> {
  const paths = pathsOf(valid());
  const names = fc.oneof(
    fc.constantFrom(...paths),
    fc.constantFrom(...paths).map((path) => `${path}/__proto__`),
  );
  return fc.array(fc.tuple(names, anything), { minLength: 1, maxLength: 6 }).map((mutations) =>
    mutations.reduce((object, [path, value]) => {
      try {
        return changed(object, path, value);
      } catch {
        return object;
      }
    }, valid()),
  );
}

const shoots = fc.oneof({ weight: 5, arbitrary: mutationsOf(validShoot) }, anything as fc.Arbitrary<never>);
const profiles = fc.oneof({ weight: 5, arbitrary: mutationsOf(validProfile) }, anything as fc.Arbitrary<never>);

const isFindings = {
  errors: expect.toSatisfy((errors: { field: string }[]) => errors.length <= 100 && errors.every(({ field }) => field)),
  warnings: expect.any(Array),
};

test('whatever a Shoot and its profile are, the rules answer', () => {
  fc.assert(
    fc.property(shoots, shoots, profiles, (object, old, profile) => {
      expect(rules.validateShoot({ object, profile, now: NOW })).toEqual(isFindings);
      expect(rules.validateShoot({ object, old, profile, now: NOW })).toEqual(isFindings);
      rules.defaultShoot({ object, profile, now: NOW });
      rules.defaultShoot({ object, old, profile, now: NOW });
    }),
    { numRuns: 1500 },
  );
  expect(Object.hasOwn(Object.prototype, 'spec')).toBe(false);
});

test('whatever profiles and credentials are, the rules answer', () => {
  fc.assert(
    fc.property(profiles, profiles, anything, (object, old, data) => {
      expect(rules.validateCloudProfile({ object, old, now: NOW })).toEqual(isFindings);
      expect(rules.validateNamespacedCloudProfile({ object: object as never, parent: old, now: NOW })).toEqual(
        isFindings,
      );
      expect(rules.validateCredentials(data as never)).toEqual(isFindings);
    }),
    { numRuns: 1000 },
  );
});

test('an update that changes nothing is never refused', () => {
  fc.assert(
    fc.property(mutationsOf(validShoot), profiles, (mutated, profile) => {
      const shoot = JSON.parse(JSON.stringify(mutated));
      const { errors } = rules.validateShoot({ object: shoot, old: structuredClone(shoot), profile, now: NOW });
      expect(errors).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['deep', JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`)],
  ['deep lists', JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
  ['wide', Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`f${index}`, index]))],
  ['wide, but readable', Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`f${index}`, index]))],
  ['long', { firewall: { networks: Array.from({ length: 15_000 }, () => '') } }],
])('a configuration that is too %s is refused', (_, config) => {
  for (const path of ['infrastructureConfig', 'controlPlaneConfig']) {
    const object = changed(validShoot(), `spec/provider/${path}`, config);
    const { errors } = rules.validateShoot({ object, profile: validProfile(), now: NOW });
    expect(errors.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors).length).toBeLessThan(100_000);
  }
});
