import { isIP } from 'node:net';
import { z } from 'zod';
import { unprocessable } from '../errors.ts';
import { firewallRulesSchema } from './firewall-rules.ts';

const texts = z.array(z.string()).default([]);

export const machineAllocateSchema = z.object({
  uuid: z.string().optional(),
  name: z.string().default(''),
  description: z.string().default(''),
  hostname: z.string().default(''),
  projectid: z.string().default(''),
  partitionid: z.string().default(''),
  sizeid: z.string().default(''),
  imageid: z.string().default(''),
  networks: z.array(z.object({ networkid: z.string().default(''), autoacquire: z.boolean().default(true) })).optional(),
  ips: texts,
  tags: texts,
  ssh_pub_keys: texts,
  user_data: z.string().default(''),
  placement_tags: texts,
  filesystemlayoutid: z.string().optional(),
  dns_servers: z.array(z.object({ ip: z.string().default('') })).default([]),
  ntp_servers: z.array(z.object({ address: z.string().default('') })).default([]),
  /** Read of firewalls only. */
  firewall_rules: firewallRulesSchema.optional(),
});

export type MachineAllocate = z.output<typeof machineAllocateSchema>;

const MAX_DNS_SERVERS = 3;
const MAX_NTP_SERVERS = 5;
const SSH_KEY = /^(?:[^\s"]+ )?(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3}(?:\s.*)?$/;

export function checkSshKeys(keys: readonly string[]): void {
  const invalid = keys.find((key) => !SSH_KEY.test(key.trim()));
  if (invalid !== undefined) throw unprocessable(`invalid public SSH key: ${invalid}`);
}

/** 422 for the first field that cannot be right, whatever the installation holds. */
export function checkRequest(request: MachineAllocate): void {
  if (request.projectid === '') throw unprocessable('project id must be specified');
  if (!request.uuid && request.partitionid === '') {
    throw unprocessable('when no machine id is given, a partition id must be specified');
  }
  if (!request.uuid && request.sizeid === '')
    throw unprocessable('when no machine id is given, a size id must be specified');
  const invalid = request.ips.find((ip) => isIP(ip) === 0);
  if (invalid !== undefined) throw unprocessable(`"${invalid}" is not a valid IP address`);
  checkSshKeys(request.ssh_pub_keys);
  if (request.ips.length === 0 && !request.networks?.some(({ autoacquire }) => autoacquire)) {
    throw unprocessable('when no ip is given at least one auto acquire network must be specified');
  }
  if (request.dns_servers.length > MAX_DNS_SERVERS) {
    throw unprocessable(`please specify a maximum of ${MAX_DNS_SERVERS} dns servers`);
  }
  if (request.ntp_servers.length > MAX_NTP_SERVERS) {
    throw unprocessable(`please specify a maximum of ${MAX_NTP_SERVERS} ntp servers`);
  }
  const dns = request.dns_servers.find(({ ip }) => isIP(ip) === 0);
  if (dns) throw unprocessable(`ip: ${dns.ip} for dns server not correct`);
}
