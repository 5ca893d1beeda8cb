/** A gRPC server by the library's own core, in Python; the health service in it answers by octets. */
import type { Certificate } from "./certificates.ts";
import { daemon, type Daemon } from "./daemon.ts";

/** What the health service does when it is called; `none` has no such service. */
export type Health =
  | "SERVING"
  | "NOT_SERVING"
  | "UNKNOWN"
  | "SERVICE_UNKNOWN"
  | "NOT_FOUND"
  | "UNAUTHENTICATED"
  | "UNAVAILABLE"
  | "nonsense"
  | "long"
  | "silent"
  | "none";

const script = `
import sys, time, grpc
from concurrent import futures

health, cert, key = sys.argv[1:4]
statuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"]

def check(request, context):
    print("asked after", request.hex(), flush=True)
    print("metadata", sorted(context.invocation_metadata()), flush=True)
    if health in statuses:
        number = statuses.index(health)
        return bytes([8, number]) if number else b""
    if health == "nonsense":
        return b"\\x0a\\x03abc"
    if health == "long":
        return bytes(1 << 20)
    if health == "silent":
        time.sleep(5)
    context.abort(getattr(grpc.StatusCode, health, grpc.StatusCode.ABORTED), "the word is f\u00fcr " + health)

method = grpc.unary_unary_rpc_method_handler(check)
service = grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": method})
server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
if health != "none":
    server.add_generic_rpc_handlers((service,))
if cert:
    pair = (open(key, "rb").read(), open(cert, "rb").read())
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials((pair,)))
else:
    port = server.add_insecure_port("127.0.0.1:0")
server.start()
print("listening on", port, flush=True)
server.wait_for_termination()
`;

export async function grpcServer(
  health: Health,
  certificate?: Certificate,
): Promise<Daemon & { readonly port: number }> {
  const args = ["-c", script, health, certificate?.cert ?? "", certificate?.key ?? ""];
  const running = await daemon("python3", args, listening);
  return { ...running, port: Number(listening.exec(running.printed())?.[1]) };
}

const listening = /^listening on (\d+)$/m;
