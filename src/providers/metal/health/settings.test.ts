import { expect, it } from 'vitest';
import { healthCheckSettings } from './settings.ts';

it.each([
  ['nothing', {}, { syncPeriodMs: 30_000, shoot: { timeoutMs: 10_000, rateLimit: undefined } }],
  ['a period', { syncPeriod: '1m30s' }, { syncPeriodMs: 90_000, shoot: { timeoutMs: 10_000, rateLimit: undefined } }],
  ['a short period', { syncPeriod: '4s' }, { syncPeriodMs: 4000, shoot: { timeoutMs: 2000, rateLimit: undefined } }],
  [
    'limits of calls to shoots',
    { shootRESTOptions: { qps: 2.5, timeout: '3s' } },
    { syncPeriodMs: 30_000, shoot: { timeoutMs: 3000, rateLimit: { qps: 2.5, burst: 3 } } },
  ],
])('%s', (_, healthCheckConfig, settings) => {
  expect(healthCheckSettings({ healthCheckConfig })).toEqual(settings);
});

it.each([
  [{ syncPeriod: 'soon' }, 'healthCheckConfig.syncPeriod: "soon"'],
  [{ syncPeriod: '10ms' }, 'healthCheckConfig.syncPeriod: "10ms"'],
  [{ shootRESTOptions: { timeout: '-1s' } }, 'healthCheckConfig.shootRESTOptions.timeout: "-1s"'],
])('refuses %o', (healthCheckConfig, message) => {
  expect(() => healthCheckSettings({ healthCheckConfig })).toThrow(message);
});
