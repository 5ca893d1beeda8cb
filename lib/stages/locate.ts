import { locateSheet as sheet } from "../facts/locate.ts";
import type { Environment } from "../here.ts";
import { besideOf } from "../platform/beside.ts";
import { locatedBy, versionsOf } from "../platform/locate.ts";
import { defined } from "../platform/values.ts";
import { classOf } from "../policy/classes.ts";
import type { Stage } from "../stage.ts";

/** Reads what the environment and this host show. Nothing is sent, and nothing can fail. */
export const locate: Stage<Environment, void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run(environment, { here: { host, resolvers, vantage }, note }) {
    const beside = besideOf(environment);
    note({
      ...locatedBy(environment),
      represents: vantage.represents,
      dnsServers: resolvers.map(({ address }) => address),
      resolvers: resolvers.map(({ address, origin }) => ({ address, origin })),
      versions: {
        sonde: vantage.version,
        node: host.node,
        os: host.os,
        ...versionsOf(environment),
      },
      startedAt: host.startedAt,
      clock: new Date().toISOString(),
      interfaces: host
        .interfaces()
        .map(({ name, address }) => ({ name, address, class: classOf(address) })),
      gateways: [...host.gateways],
      ...(beside === undefined ? {} : { beside: shown(beside) }),
    });
  },
};

function shown({ app, subnet, date }: NonNullable<ReturnType<typeof besideOf>>) {
  return { app, ...defined("subnet", subnet), ...defined("date", date) };
}
