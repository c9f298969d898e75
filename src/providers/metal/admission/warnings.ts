import type { ShootWorker } from '../../../apis/core/shoot.ts';
import { controllerVersionFor, isAutomatic } from '../controller-version.ts';
import { indexed } from './field-errors.ts';
import { lifecycleOf } from './machine-image-lifecycle.ts';
import { type Profile, planeOf } from './profile.ts';
import { CONTROL_PLANE_CONFIG, INFRASTRUCTURE_CONFIG, type ShootView } from './shoot-view.ts';
import { TENANT, tenantOf } from './tenant.ts';

const DAY = 24 * 3_600_000;
const SOON = 30 * DAY;

const WITHOUT_EFFECT = ['machineControllerManagerOOT', 'clusterAudit', 'auditToSplunk'] as const;

/** What works today, and should be looked at. */
export function shootWarnings(view: ShootView, profile: Profile | undefined, now: number): string[] {
  const { shoot, infrastructure, controlPlane } = view;
  const gates = controlPlane?.featureGates ?? {};
  const workers = shoot?.spec.provider?.workers ?? [];
  return [
    ...(shoot && tenantOf(shoot) === '' ? [`metadata.annotations: the tenant in ${TENANT} is empty`] : []),
    ...WITHOUT_EFFECT.filter((gate) => gates[gate] !== undefined).map(
      (gate) => `${CONTROL_PLANE_CONFIG}.featureGates.${gate}: deprecated, it has no effect`,
    ),
    ...controllerWarnings(infrastructure, profile),
    ...(profile ? workers.flatMap((worker, index) => imageWarnings(worker, index, profile, now)) : []),
  ];
}

function controllerWarnings(infrastructure: ShootView['infrastructure'], profile: Profile | undefined): string[] {
  const wanted = infrastructure?.firewall?.controllerVersion;
  // What is chosen for a Shoot is supported.
  if (isAutomatic(wanted)) return [];
  const plane = planeOf(profile, infrastructure?.partitionID)?.plane;
  const chosen = controllerVersionFor(plane?.firewallControllerVersions, wanted);
  if (!chosen?.version || !['deprecated', 'preview'].includes(chosen.classification ?? '')) return [];
  return [
    `${INFRASTRUCTURE_CONFIG}.firewall.controllerVersion: ${chosen.version} is classified as ${chosen.classification}`,
  ];
}

function imageWarnings(worker: ShootWorker, index: number, profile: Profile, now: number): string[] {
  const { name, version } = worker.machine?.image ?? {};
  const offered = profile.images.get(name ?? '')?.find((candidate) => candidate.version === version);
  if (!offered) return [];
  const { classification, expires } = lifecycleOf(offered, now);
  const field = `${indexed('spec.provider.workers', index)}.machine.image.version`;
  const what = `${name} ${version}`;
  if (expires !== undefined && expires <= now) {
    return [`${field}: ${what} is expired since ${day(expires)}`];
  }
  return [
    ...(classification === 'deprecated' || classification === 'preview'
      ? [`${field}: ${what} is classified as ${classification}`]
      : []),
    ...(expires !== undefined && expires - now <= SOON ? [`${field}: ${what} expires on ${day(expires)}`] : []),
  ];
}

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
