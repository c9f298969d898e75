import { describe, expect, test } from 'vitest';
import type { CloudProfile } from '../../../apis/core/cloud-profile.ts';
import type { Shoot } from '../../../apis/core/shoot.ts';
import { changed, faults, NOW, validProfile, validShoot } from './fixtures.ts';
import { createAdmissionRules } from './rules.ts';

const rules = createAdmissionRules();
const profile = validProfile();
const create = (object: Shoot, against: CloudProfile | undefined = profile) =>
  rules.validateShoot({ object, profile: against, now: NOW });

const INFRA = 'spec.provider.infrastructureConfig';
const CP = 'spec.provider.controlPlaneConfig';
const WORKER = 'spec.provider.workers[0]';
const infra = 'spec/provider/infrastructureConfig';
const cp = 'spec/provider/controlPlaneConfig';
const worker = 'spec/provider/workers/0';

test('a valid Shoot has no findings', () => {
  expect(create(validShoot())).toEqual({ errors: [], warnings: [] });
});

describe('one change of a valid Shoot', () => {
  test.each<[string, unknown, string[]]>([
    ['metadata/annotations', undefined, ['Required metadata.annotations']],
    ['metadata/annotations', {}, ['Required metadata.annotations']],
    ['metadata/annotations', { 'cluster.metal-stack.io/tenant': '' }, []],

    [infra, undefined, [`Required ${INFRA}`]],
    [infra, null, [`Required ${INFRA}`]],
    [infra, 'text', [`Invalid ${INFRA}`]],
    [infra, [], [`Invalid ${INFRA}`]],
    [
      infra,
      {},
      ['apiVersion', 'firewall.image', 'firewall.networks', 'firewall.size', 'kind', 'partitionID', 'projectID'].map(
        (name) => `Required ${INFRA}.${name}`,
      ),
    ],
    [`${infra}/apiVersion`, 'metal/v1', [`NotSupported ${INFRA}.apiVersion`]],
    [`${infra}/kind`, 'ControlPlaneConfig', [`NotSupported ${INFRA}.kind`]],
    [`${infra}/projectID`, '', [`Required ${INFRA}.projectID`]],
    [`${infra}/partitionID`, undefined, [`Required ${INFRA}.partitionID`]],
    [`${infra}/partitionID`, 7, [`Invalid ${INFRA}.partitionID`]],
    [`${infra}/partitionID`, 'fra-equ03', [`NotSupported ${INFRA}.partitionID`]],
    [`${infra}/partitionID`, 'muc-equ01', [`NotSupported ${INFRA}.partitionID`]],
    [`${infra}/partitionID`, 'fra-bare', [`Invalid ${INFRA}.partitionID`]],
    [`${infra}/partition`, 'x', [`Forbidden ${INFRA}.partition`]],
    [`${infra}/firewall/image`, '', [`Required ${INFRA}.firewall.image`]],
    [`${infra}/firewall/image`, 'firewall-ubuntu-3.0', [`NotSupported ${INFRA}.firewall.image`]],
    [`${infra}/firewall/size`, null, [`Required ${INFRA}.firewall.size`]],
    [`${infra}/firewall/size`, 'x', [`NotSupported ${INFRA}.firewall.size`]],
    [`${infra}/firewall/networks/2`, '', [`Required ${INFRA}.firewall.networks[2]`]],
    [`${infra}/firewall/networks/2`, 'internet', [`Duplicate ${INFRA}.firewall.networks[2]`]],
    [`${infra}/firewall/networks/1`, null, [`Required ${INFRA}.firewall.networks[1]`]],
    [
      `${infra}/firewall/networks`,
      [],
      [
        `NotSupported ${INFRA}.firewall.egressRules[0].networkID`,
        `NotSupported ${INFRA}.firewall.rateLimits[0].networkID`,
        `Required ${INFRA}.firewall.networks`,
      ],
    ],
    [`${infra}/firewall/rateLimits/0/networkID`, '', [`Required ${INFRA}.firewall.rateLimits[0].networkID`]],
    [`${infra}/firewall/rateLimits/0/networkID`, 'x', [`NotSupported ${INFRA}.firewall.rateLimits[0].networkID`]],
    [`${infra}/firewall/rateLimits/0/rateLimit`, 0, [`Invalid ${INFRA}.firewall.rateLimits[0].rateLimit`]],
    [`${infra}/firewall/rateLimits/0/rateLimit`, -1, [`Invalid ${INFRA}.firewall.rateLimits[0].rateLimit`]],
    [`${infra}/firewall/rateLimits/0/rateLimit`, undefined, [`Required ${INFRA}.firewall.rateLimits[0].rateLimit`]],
    [
      `${infra}/firewall/rateLimits/1`,
      { networkID: 'internet', rateLimit: 1 },
      [`Duplicate ${INFRA}.firewall.rateLimits[1].networkID`],
    ],
    [`${infra}/firewall/egressRules/0/networkID`, undefined, [`Required ${INFRA}.firewall.egressRules[0].networkID`]],
    [`${infra}/firewall/egressRules/0/networkID`, 'x', [`NotSupported ${INFRA}.firewall.egressRules[0].networkID`]],
    [`${infra}/firewall/egressRules/0/ips`, [], [`Required ${INFRA}.firewall.egressRules[0].ips`]],
    [`${infra}/firewall/egressRules/0/ips/0`, '10.0.0', [`Invalid ${INFRA}.firewall.egressRules[0].ips[0]`]],
    [`${infra}/firewall/egressRules/0/ips/0`, '10.0.0.0/8', [`Invalid ${INFRA}.firewall.egressRules[0].ips[0]`]],
    [`${infra}/firewall/egressRules/0/ips/0`, '2001:db8::1', [`Invalid ${INFRA}.firewall.egressRules[0].ips[0]`]],
    [`${infra}/firewall/egressRules/0/ips/1`, '203.0.113.10', [`Duplicate ${INFRA}.firewall.egressRules[0].ips[1]`]],
    [
      `${infra}/firewall/egressRules/1`,
      { networkID: 'internet', ips: ['203.0.113.11'] },
      [`Duplicate ${INFRA}.firewall.egressRules[1].networkID`],
    ],
    [
      `${infra}/firewall/egressRules/1`,
      { networkID: 'mpls', ips: ['203.0.113.10'] },
      [`Duplicate ${INFRA}.firewall.egressRules[1].ips[0]`],
    ],
    [`${infra}/firewall/controllerVersion`, 'auto', []],
    [`${infra}/firewall/controllerVersion`, '', []],
    [`${infra}/firewall/controllerVersion`, 'v2.4.9', []],
    [`${infra}/firewall/controllerVersion`, '2.4.9', [`NotSupported ${INFRA}.firewall.controllerVersion`]],
    [`${infra}/firewall/firewallHealthTimeout`, '0s', []],
    [`${infra}/firewall/firewallHealthTimeout`, '1h30m', []],
    [`${infra}/firewall/firewallHealthTimeout`, '30', [`Invalid ${INFRA}.firewall.firewallHealthTimeout`]],
    [`${infra}/firewall/firewallHealthTimeout`, '1s', [`Invalid ${INFRA}.firewall.firewallHealthTimeout`]],
    [`${infra}/firewall/firewallCreateTimeout`, '-30m', [`Invalid ${INFRA}.firewall.firewallCreateTimeout`]],
    [`${infra}/firewall/firewallCreateTimeout`, '25h', [`Invalid ${INFRA}.firewall.firewallCreateTimeout`]],

    [cp, undefined, []],
    [cp, null, []],
    [cp, {}, [`Required ${CP}.apiVersion`, `Required ${CP}.kind`]],
    [`${cp}/networkAccessType`, 'baseline', []],
    [`${cp}/networkAccessType`, 'forbidden', []],
    [`${cp}/networkAccessType`, 'Restricted', [`NotSupported ${CP}.networkAccessType`]],
    [`${cp}/featureGates/clusterAudits`, true, [`Forbidden ${CP}.featureGates.clusterAudits`]],
    [
      `${cp}/cloudControllerManager`,
      { featureGates: { A: 'yes' }, defaultExternalNetwork: 'internet' },
      [`Invalid ${CP}.cloudControllerManager.featureGates[A]`],
    ],
    [
      `${cp}/cloudControllerManager/defaultExternalNetwork`,
      'other',
      [`NotSupported ${CP}.cloudControllerManager.defaultExternalNetwork`],
    ],

    ['spec/provider/workers', [], ['Required spec.provider.workers']],
    ['spec/provider/workers', undefined, ['Required spec.provider.workers']],
    [`${worker}/volume`, { size: '50Gi' }, [`Forbidden ${WORKER}.volume`]],
    [`${worker}/zones`, ['fra-equ01'], [`Forbidden ${WORKER}.zones`]],
    [`${worker}/zones`, [], []],
    [`${worker}/machine/type`, '', [`Required ${WORKER}.machine.type`]],
    [`${worker}/machine/type`, 'c2', [`NotSupported ${WORKER}.machine.type`]],
    [`${worker}/machine/type`, 'gone', [`Invalid ${WORKER}.machine.type`]],
    [`${worker}/machine/type`, 'elsewhere', [`Invalid ${WORKER}.machine.type`]],
    [`${worker}/machine/type`, 'a1', [`Invalid ${WORKER}.machine.type`]],
    [`${worker}/machine/image`, undefined, [`Required ${WORKER}.machine.image`]],
    [`${worker}/machine/image/name`, '', [`Required ${WORKER}.machine.image.name`]],
    [`${worker}/machine/image/name`, 'suse', [`NotSupported ${WORKER}.machine.image.name`]],
    [`${worker}/machine/image/version`, undefined, [`Required ${WORKER}.machine.image.version`]],
    [`${worker}/machine/image/version`, '1.0.0', [`NotSupported ${WORKER}.machine.image.version`]],
    [`${worker}/machine/image/version`, '24.4.0', [`Invalid ${WORKER}.machine.image.version`]],
    [`${worker}/machine/image/version`, '25.1.0', [`Invalid ${WORKER}.machine.image.version`]],
    [`${worker}/machine/image/version`, '26.1.0', [`Invalid ${WORKER}.machine.image.version`]],
    [`${worker}/cri/name`, 'docker', [`NotSupported ${WORKER}.cri.name`]],
    [`${worker}/cri/containerRuntimes`, [{ type: 'gvisor' }], [`NotSupported ${WORKER}.cri.containerRuntimes[0].type`]],

    ['spec/networking/services', '10.240.0.0/16', ['Invalid spec.networking.services']],
    ['spec/networking/nodes', '10.247.0.0/22', ['Invalid spec.networking.pods']],
    ['spec/networking/nodes', '10.0.0.0/22', []],
    ['spec/networking/nodes', '10.0.0.0', ['Invalid spec.networking.nodes']],
    ['spec/networking/nodes', 'fd00::/64', []],
    ['spec/cloudProfile', undefined, []],
  ])('%s = %j', (path, value, expected) => {
    expect(faults(create(changed(validShoot(), path, value)))).toEqual(expected);
  });
});

test('all faults are told at once, also beside an unknown field', () => {
  const many = changed(
    changed(changed(validShoot(), `${infra}/firewall/netwroks`, []), `${infra}/projectID`, ''),
    `${worker}/volume`,
    {},
  );
  expect(faults(create(many))).toEqual([
    `Forbidden ${INFRA}.firewall.netwroks`,
    `Forbidden ${WORKER}.volume`,
    `Required ${INFRA}.projectID`,
  ]);
});

test.each<[string, unknown, RegExp]>([
  [`${infra}/firewall/netwroks`, [], /did you mean networks\?/],
  [`${infra}/firewall/rateLimits/0/rate`, 1, /known fields: \[networkID, rateLimit\]/],
  [`${infra}/firewall/size`, 'n1-medium-x64', /\[n1-medium-x86, n2\], did you mean n1-medium-x86\?/],
  [`${infra}/partitionID`, 'fra', /\[fra-bare, fra-equ01, fra-equ02\]/],
  [`${worker}/machine/image/version`, '1', /\[24.4.1, 24.3.9, 25.1.0\]/],
  [`${cp}/networkAccessType`, 'x', /\[baseline, forbidden, restricted\]/],
])('%s = %j names what is allowed', (path, value, detail) => {
  expect(create(changed(validShoot(), path, value)).errors[0]?.detail).toMatch(detail);
});

test('IPv6 egress is for Shoots with IPv6', () => {
  const dual = changed(validShoot(), 'spec/networking/ipFamilies', ['IPv4', 'IPv6']);
  const ips = ['203.0.113.10', '2001:db8::1', '2001:DB8:0::1'];
  expect(faults(create(changed(dual, `${infra}/firewall/egressRules/0/ips`, ips)))).toEqual([
    `Duplicate ${INFRA}.firewall.egressRules[0].ips[2]`,
  ]);
});

test('isolation needs a partition that has it', () => {
  const elsewhere = changed(validShoot(), `${infra}/partitionID`, 'fra-equ02');
  expect(faults(create(changed(elsewhere, `${cp}/networkAccessType`, 'restricted')))).toEqual([
    `Invalid ${CP}.networkAccessType`,
  ]);
});

describe('the profile', () => {
  const config = 'spec/providerConfig';
  test.each<[string, unknown, string[]]>([
    [config, undefined, ['Invalid spec.cloudProfile']],
    [config, 'text', ['Invalid spec.cloudProfile']],
    [
      `${config}/metalControlPlanes/prod/firewallControllerVersions`,
      [],
      [`Required ${INFRA}.firewall.controllerVersion`],
    ],
    [`${config}/metalControlPlanes/test/partitions/fra-equ01`, {}, [`Invalid ${INFRA}.partitionID`]],
    [`${config}/metalControlPlanes/prod/firewallImages`, null, []],
    [`${config}/metalControlPlanes/prod/partitions/fra-equ01/firewallTypes`, [], []],
    [`${config}/later`, true, []],
  ])('%s = %j', (path, value, expected) => {
    expect(faults(create(validShoot(), changed(profile, path, value)))).toEqual(expected);
  });

  test('that is unknown is said at the reference that the Shoot has', () => {
    const against = (object: Shoot) => faults(rules.validateShoot({ object, profile: undefined, now: NOW }));
    expect(against(validShoot())).toEqual(['Invalid spec.cloudProfile']);
    const former = changed(changed(validShoot(), 'spec/cloudProfile', undefined), 'spec/cloudProfileName', 'metal');
    expect(against(former)).toEqual(['Invalid spec.cloudProfileName']);
  });

  test('with machineCapabilities says architectures in flavours', () => {
    const capable = changed(
      changed(profile, 'spec/machineCapabilities', [{ name: 'architecture', values: ['amd64', 'arm64'] }]),
      'spec/machineImages/0/versions/0',
      { version: '24.4.1', capabilityFlavors: [{ architecture: ['arm64'] }] },
    );
    expect(faults(create(validShoot(), capable))).toEqual([`Invalid ${WORKER}.machine.image.version`]);
    const arm = changed(
      changed(validShoot(), `${worker}/machine/architecture`, 'arm64'),
      `${worker}/machine/type`,
      'a1',
    );
    expect(faults(create(arm, capable))).toEqual([]);
  });
});

test('a Shoot of another type is not judged', () => {
  expect(faults(create(changed(changed(validShoot(), 'spec/provider/type', 'local'), infra, 1)))).toEqual([]);
});

test.each<[string, unknown, RegExp[]]>([
  ['metadata/annotations', { 'cluster.metal-stack.io/tenant': '' }, [/tenant .* is empty/]],
  [`${cp}/featureGates`, { clusterAudit: false, disableCsiLvm: true }, [/featureGates.clusterAudit: deprecated/]],
  [`${infra}/firewall/controllerVersion`, 'v1.9.0', [/v1.9.0 is classified as deprecated/]],
  [`${infra}/firewall/controllerVersion`, 'v2.11.0', [/v2.11.0 is classified as preview/]],
  [
    `${worker}/machine/image/version`,
    '24.3.9',
    [/^spec.provider.workers\[0\].machine.image.version: ubuntu 24.3.9 .*deprecated/, /expires on 2026-03-20/],
  ],
  [`${worker}/machine/image/version`, '24.4.0', [/is expired since 2026-02-01/]],
])('warnings: %s = %j', (path, value, expected) => {
  const { warnings } = create(changed(validShoot(), path, value));
  expect(warnings).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
});
