/** The cloud that the example is for; the first answer to each order is lost. */
export function createCloud() {
  const networks = new Map<string, { cidr: string }>();
  const servers: { id: string; name: string; cluster: string }[] = [];
  const lost = new Set<string>();
  const answer = <T>(order: string, value: T): Promise<T> => {
    if (lost.has(order)) return Promise.resolve(value);
    lost.add(order);
    return Promise.reject(new Error('the answer was lost'));
  };
  return {
    networks,
    servers,
    findNetwork: async (cluster: string) => networks.get(cluster),
    createNetwork: (cluster: string) => {
      if (networks.has(cluster)) throw new Error('a second network');
      const network = { cidr: '10.9.0.0/22' };
      networks.set(cluster, network);
      return answer(`network ${cluster}`, network);
    },
    deleteNetwork: (cluster: string) => {
      networks.delete(cluster);
      return answer(`no network ${cluster}`, undefined);
    },
    findServer: async (cluster: string, name: string) =>
      servers.find((server) => server.cluster === cluster && server.name === name),
    listServers: async (cluster: string) => servers.filter((server) => server.cluster === cluster),
    createServer: (cluster: string, name: string) => {
      const server = { id: `server-${servers.length}`, name, cluster };
      servers.push(server);
      return answer(`server ${name}`, server);
    },
    deleteServer: async (id: string) => {
      servers.splice(
        servers.findIndex((server) => server.id === id),
        1,
      );
    },
  };
}
