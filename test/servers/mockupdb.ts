/** MockupDB: the wire protocol of MongoDB by its maker's own library for tests, which answers as it is told. */
import { daemon, type Daemon } from "./daemon.ts";

const program = `
from mockupdb import MockupDB
server = MockupDB()
server.autoresponds("hello", isWritablePrimary=True, setName="rs0", maxWireVersion=21,
                    minWireVersion=0, maxBsonObjectSize=16777216)
server.run()
print("listening on", server.port, flush=True)
import threading
threading.Event().wait()
`;

/** Debian's own Python, whose modules another one on the path does not see. */
export const PYTHON = "/usr/bin/python3";

export async function mockupDb(): Promise<Daemon & { readonly port: number }> {
  const running = await daemon("mockupdb", ["-c", program], ready, {}, PYTHON);
  return { ...running, port: Number(ready.exec(running.printed())?.[1]) };
}

const ready = /listening on (\d+)/;
