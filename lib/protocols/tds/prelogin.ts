/**
 * The first words of a client and a server of SQL Server, [MS-TDS] 2.2.6.5: a table of options, each with
 * the place and the length of its value, then the values. Nobody is named yet and nothing is logged.
 */
import { malformed } from "../talk.ts";

const options = { version: 0, encryption: 1, instance: 2, thread: 3, mars: 4, fedAuth: 6 } as const;

const END = 0xff;

export const encryptions = ["off", "on", "not-supported", "required"] as const;
export type Encryption = (typeof encryptions)[number];

export interface Hello {
  readonly encryption: Encryption;
  /** The instance that is meant, if it matters. */
  readonly instance: string;
  /** Asks whether the server wants a login by Microsoft Entra ID. */
  readonly fedAuth: boolean;
}

export function encodeHello({ encryption, instance, fedAuth }: Hello): Buffer {
  const values: [number, Buffer][] = [
    [options.version, Buffer.alloc(6)],
    [options.encryption, Buffer.of(encryptions.indexOf(encryption))],
    [options.instance, Buffer.from(`${instance}\0`, "latin1")],
    [options.thread, Buffer.alloc(4)],
    [options.mars, Buffer.of(0)],
    ...(fedAuth ? [[options.fedAuth, Buffer.of(1)] satisfies [number, Buffer]] : []),
  ];
  const table = Buffer.alloc(5 * values.length + 1, END);
  let at = table.length;
  for (const [index, [option, value]] of values.entries()) {
    table.writeUInt8(option, 5 * index);
    table.writeUInt16BE(at, 5 * index + 1);
    table.writeUInt16BE(value.length, 5 * index + 3);
    at += value.length;
  }
  return Buffer.concat([table, ...values.map(([, value]) => value)]);
}

export interface HelloReply {
  /** Of the product, such as 16.0.4135; absent where the server sends none. */
  readonly version?: string;
  readonly encryption: Encryption;
  /** The server wants to see a certificate of the client. */
  readonly wantsCertificate: boolean;
  /** Whether the instance that was named is this one; absent where the server does not say. */
  readonly instanceMatches?: boolean;
  readonly mars?: boolean;
  readonly fedAuth?: boolean;
}

/** Reads the answer. Throws `service.malformed` when its table points outside of it. */
export function decodeHello(bytes: Buffer): HelloReply {
  const values = tableOf(bytes);
  const first = (option: number) => values.get(option)?.[0];
  const policy = first(options.encryption);
  if (policy === undefined) throw malformed("TDS", "the pre-login says nothing about encryption");
  const encryption = encryptions[policy & 0x7f];
  if (encryption === undefined) throw malformed("TDS", `encryption is ${policy}`);
  const version = values.get(options.version);
  const instance = first(options.instance);
  const mars = first(options.mars);
  const fedAuth = first(options.fedAuth);
  return {
    encryption,
    wantsCertificate: (policy & 0x80) !== 0,
    ...(version === undefined || version.length < 4 ? {} : { version: versionOf(version) }),
    ...(instance === undefined ? {} : { instanceMatches: instance === 0 }),
    ...(mars === undefined ? {} : { mars: mars === 1 }),
    ...(fedAuth === undefined ? {} : { fedAuth: fedAuth === 1 }),
  };
}

function tableOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const values = new Map<number, Buffer>();
  for (let at = 0; bytes[at] !== END; at += 5) {
    if (at + 5 > bytes.length) throw malformed("TDS", "the pre-login has no end");
    const from = bytes.readUInt16BE(at + 1);
    const to = from + bytes.readUInt16BE(at + 3);
    if (to > bytes.length) {
      throw malformed("TDS", `an option ends at octet ${to} of ${bytes.length}`);
    }
    values.set(bytes.readUInt8(at), bytes.subarray(from, to));
  }
  return values;
}

/** Major, minor, then the build as a big endian number. */
function versionOf(value: Buffer): string {
  return `${value[0]}.${value[1]}.${value.readUInt16BE(2)}`;
}

const products: Readonly<Record<string, string>> = {
  "8": "SQL Server 2000",
  "9": "SQL Server 2005",
  "10": "SQL Server 2008",
  "11": "SQL Server 2012",
  "12": "SQL Server 2014, Azure SQL Database or Managed Instance",
  "13": "SQL Server 2016",
  "14": "SQL Server 2017",
  "15": "SQL Server 2019",
  "16": "SQL Server 2022",
  "17": "SQL Server 2025",
};

/** What the version belongs to. Azure's services all call themselves 12. */
export function productOf(version: string): string | undefined {
  return products[version.split(".")[0] ?? ""];
}
