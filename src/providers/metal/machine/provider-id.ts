/** What stands in Machines, with three slashes; metal-ccm writes two of them into Nodes (metal-components 0.2). */
export const providerIDOf = (partitionID: string, machineID: string): string => `metal:///${partitionID}/${machineID}`;

/** Id of the machine at metal-api, however many slashes and whether with a partition; undefined when it is none of ours. */
export function machineIDOf(providerID: string): string | undefined {
  return /^metal:\/\/(?:.*\/)?([^/]+)$/.exec(providerID)?.[1];
}
