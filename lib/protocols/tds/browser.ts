/** SQL Server Browser, [MC-SQLR]: on which port an instance listens. UDP 1434, one datagram each way. */

export const BROWSER_PORT = 1434;

const ASK_ONE = 0x04;
const ANSWER = 0x05;

/** CLNT_UCAST_INST: the name and a zero. */
export function encodeAsk(instance: string): Uint8Array {
  return Buffer.concat([Buffer.of(ASK_ONE), Buffer.from(`${instance}\0`, "latin1")]);
}

export interface Instance {
  readonly server: string;
  readonly instance: string;
  readonly version: string;
  /** Absent where the instance takes no TCP connections. */
  readonly port?: number;
}

/** Why a datagram is not the answer, or `undefined` when it is. */
export function whyNotAnAnswer(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== ANSWER || bytes.length < 3) return `${bytes.length} octets, not a SVR_RESP`;
  const announced = (bytes[1] ?? 0) | ((bytes[2] ?? 0) << 8);
  return announced > bytes.length - 3 ? `${announced} octets are announced` : undefined;
}

/** Names and values in turn, separated by semicolons; two of them end an instance. */
export function decodeAnswer(bytes: Uint8Array): readonly Instance[] {
  const text = Buffer.from(bytes.subarray(3)).toString("latin1");
  return text
    .split(";;")
    .filter((one) => one.includes(";"))
    .map((one) => {
      const words = one.split(";");
      const value = (name: string) => {
        const at = words.findIndex((word, index) => index % 2 === 0 && word === name);
        return at < 0 ? "" : (words[at + 1] ?? "");
      };
      const port = Number(value("tcp"));
      return {
        server: value("ServerName"),
        instance: value("InstanceName"),
        version: value("Version"),
        ...(Number.isInteger(port) && port > 0 && port < 65_536 ? { port } : {}),
      };
    });
}
