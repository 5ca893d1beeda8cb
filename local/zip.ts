/**
 * A small ZIP writer (PKWARE APPNOTE 6.3.x), whose output depends on names and contents only.
 *
 * No ZIP64: at most 65,535 files, and less than 4 GiB in all.
 */
import { constants, crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  /** Relative, with forward slashes. */
  readonly name: string;
  readonly content: Uint8Array;
}

interface Packed {
  readonly name: Buffer;
  readonly data: Buffer;
  /** The 26 bytes that local header and central directory share, from "version needed" on. */
  readonly shared: Buffer;
}

// 1 January 1980, 00:00, the first moment of the DOS clock: (year - 1980) << 9 | month << 5 | day.
const epochDate = (1 << 5) | 1;
const versionNeeded = 20;
const deflated = 8;
const utf8Names = 0x0800;
// High byte 3: the attributes are those of Unix. Without it some tools unpack files as mode 000.
const madeBy = (3 << 8) | versionNeeded;
const regularFile644 = 0o100644;

/** One archive of all entries, sorted by name. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const packed = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(pack);
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const each of packed) {
    const file = Buffer.concat([signature(0x04034b50), each.shared, each.name, each.data]);
    directory.push(directoryEntry(each, offset));
    files.push(file);
    offset += file.length;
  }
  const index = Buffer.concat(directory);
  return Buffer.concat([...files, index, endOfDirectory(packed.length, index.length, offset)]);
}

function pack({ name, content }: ZipEntry): Packed {
  const data = deflateRawSync(content, { level: constants.Z_BEST_COMPRESSION });
  const encoded = Buffer.from(name);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(versionNeeded, 0);
  shared.writeUInt16LE(utf8Names, 2);
  shared.writeUInt16LE(deflated, 4);
  shared.writeUInt16LE(0, 6);
  shared.writeUInt16LE(epochDate, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(encoded.length, 22);
  return { name: encoded, data, shared };
}

function directoryEntry({ name, shared }: Packed, offset: number): Buffer {
  const made = Buffer.alloc(2);
  made.writeUInt16LE(madeBy);
  // Comment length, disk number, internal attributes; then external attributes and the offset.
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(regularFile644 * 0x10000, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02014b50), made, shared, rest, name]);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
