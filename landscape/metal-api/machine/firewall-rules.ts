import { z } from 'zod';
import { badRequest } from '../errors.ts';
import { familiesOf, parsePrefix } from '../network/prefix.ts';

const common = {
  comment: z.string().default(''),
  ports: z.array(z.int()).default([]),
  protocol: z.string().default('tcp'),
};

export const firewallRulesSchema = z.object({
  egress: z.array(z.object({ ...common, to: z.array(z.string()).default([]) })).default([]),
  ingress: z
    .array(z.object({ ...common, from: z.array(z.string()).default([]), to: z.array(z.string()).default([]) }))
    .default([]),
});

export type FirewallRules = z.output<typeof firewallRulesSchema>;

const COMMENT = /^[a-z0-9_\- ]{0,100}$/i;

/** 400 for the first rule that could not be written as a packet filter rule. */
export function checkFirewallRules(rules: FirewallRules): void {
  for (const rule of rules.egress) checkRule(rule, rule.to);
  for (const rule of rules.ingress) checkRule(rule, [...rule.from, ...rule.to]);
}

function checkRule(rule: { comment: string; ports: number[]; protocol: string }, cidrs: readonly string[]): void {
  if (!COMMENT.test(rule.comment)) throw badRequest('illegal character in comment found, only: "a-z0-9_- " allowed');
  if (!['tcp', 'udp'].includes(rule.protocol.toLowerCase())) throw badRequest(`invalid protocol: ${rule.protocol}`);
  const port = rule.ports.find((candidate) => candidate < 0 || candidate > 65_535);
  if (port !== undefined) throw badRequest(`port is out of range: ${port}`);
  const invalid = cidrs.find((cidr) => !parsePrefix(cidr));
  if (invalid !== undefined) throw badRequest(`invalid cidr: ${invalid}`);
  if (familiesOf(cidrs).length > 1) throw badRequest('mixed address family in one rule is not supported');
}
