/**
 * @file The bytes of TensorBoard's event files: protocol buffers (`tensorboard/compat/proto/event.proto`,
 * `summary.proto`, `tensor.proto`) in the records of TensorFlow (`tensorflow/core/lib/io/record_writer.cc`).
 */

/** A number, or a text in Markdown, under a tag. */
export interface EventValue {
  readonly tag: string;
  readonly value: number | string;
}

/** When an event happened. */
export interface EventTime {
  /** Unix seconds. */
  readonly time: number;
  readonly step: number;
}

/**
 * The records that a file begins with.
 *
 * @param purgeStep readers forget what earlier files of the folder say of this step and later ones; null for nothing
 */
export function fileHeader(time: number, purgeStep: number | null): Buffer {
  const at = { time, step: purgeStep ?? 0 };
  const version = record(event(at, bytesField(3, Buffer.from("brain.Event:2"))));
  if (purgeStep === null) return version;
  const start = bytesField(7, varintField(1, 1));
  return Buffer.concat([version, record(event(at, start))]);
}

/** One record that holds all `values` of a step. */
export function summaryRecord(at: EventTime, values: readonly EventValue[]): Buffer {
  const summary = Buffer.concat(values.map((value) => bytesField(1, summaryValue(value))));
  return record(event(at, bytesField(5, summary)));
}

function summaryValue({ tag, value }: EventValue): Buffer {
  if (typeof value === "number") return Buffer.concat([textField(1, tag), floatField(2, value)]);
  const plugin = bytesField(1, bytesField(1, Buffer.from("text")));
  const shape = bytesField(2, varintField(1, 1));
  const stringType = varintField(1, 7);
  const tensor = Buffer.concat([stringType, bytesField(2, shape), textField(8, value)]);
  return Buffer.concat([textField(1, `${tag}/text_summary`), bytesField(8, tensor), bytesField(9, plugin)]);
}

function event({ time, step }: EventTime, what: Buffer): Buffer {
  return Buffer.concat([doubleField(1, time), ...(step === 0 ? [] : [varintField(2, step)]), what]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const varintField = (field: number, value: number): Buffer =>
  Buffer.concat([varint(field << 3), varint(value)]);

function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint((field << 3) | 1), bytes]);
}

function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), bytes]);
}

const bytesField = (field: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);

const textField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text));

/** Length and content, each behind its masked checksum. */
function record(content: Buffer): Buffer {
  const length = Buffer.alloc(12);
  length.writeBigUInt64LE(BigInt(content.length));
  length.writeUInt32LE(maskedChecksum(length.subarray(0, 8)), 8);
  const end = Buffer.alloc(4);
  end.writeUInt32LE(maskedChecksum(content));
  return Buffer.concat([length, content, end]);
}

/** CRC-32C by byte, reflected polynomial 0x82F63B78 (RFC 3720). `zlib.crc32` has another polynomial. */
const CRC32C = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0x82f63b78 : 0);
  return remainder;
});

function maskedChecksum(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = CRC32C[(remainder ^ byte) & 255]! ^ (remainder >>> 8);
  const checksum = ~remainder >>> 0;
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}
