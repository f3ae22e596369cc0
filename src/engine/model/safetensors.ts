/** The header of a safetensors file: which tensors it holds, and where. Reads none of their values. */
import { open, realpath, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, NeosearchError } from '../../base/errors';
import { type Fields, isFields, unreadable } from './folder';

/** Bytes of an element, by safetensors' names of types. */
const ELEMENT_BYTES: Readonly<Partial<Record<string, number>>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

export interface TensorInfo {
  readonly name: string;
  /** As safetensors names it, e.g. `F32`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

/** The 8 bytes in front of the header hold its length. */
const PREFIX = 8;
/** A longer header is no header. */
const MAX_HEADER = 100 * 1024 * 1024;

export class Safetensors {
  private constructor(
    /** As it was named, for messages. */
    readonly file: string,
    /** Where it really lies: hubs keep links in a model's folder, and ONNX Runtime follows none out of it. */
    private readonly realFile: string,
    readonly tensors: ReadonlyMap<string, TensorInfo>,
  ) {}

  /** @throws NeosearchError `bad-model` for a file that is missing, cut short or no safetensors file */
  static async open(file: string): Promise<Safetensors> {
    const handle = await openWeights(file);
    try {
      const { size } = await handle.stat();
      const prefix = await readAt(handle, 0, PREFIX, file);
      if (prefix.toString('latin1') === 'version ') {
        throw broken(file, 'is a Git LFS pointer, not the weights; run "git lfs pull" there');
      }
      const headerLength = Number(prefix.readBigUInt64LE(0));
      if (headerLength > MAX_HEADER || headerLength < 2) {
        throw broken(file, `is no safetensors file: its header would have ${headerLength} bytes`);
      }
      const header = parseHeader(file, (await readAt(handle, PREFIX, headerLength, file)).toString('utf8'));
      const tensors = Object.entries(header)
        .filter(([name]) => name !== '__metadata__')
        .map(([name, value]) => tensorInfo(file, name, value, PREFIX + headerLength))
        .sort((a, b) => a.offset - b.offset || a.length - b.length);
      refuseOverlaps(file, tensors);
      refuseMissingBytes(file, tensors, size);
      return new Safetensors(
        file,
        await realpath(file),
        new Map(tensors.map((tensor) => [tensor.name, tensor])),
      );
    } finally {
      await handle.close();
    }
  }

  /** The real folder. */
  get folder(): string {
    return path.dirname(this.realFile);
  }

  /** The real name in that folder. */
  get fileName(): string {
    return path.basename(this.realFile);
  }
}

export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function broken(file: string, what: string, cause?: unknown): NeosearchError {
  return new NeosearchError('bad-model', `${file} ${what}.`, { cause });
}

async function openWeights(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function readAt(handle: FileHandle, position: number, length: number, file: string): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  if (bytesRead < length) {
    throw broken(
      file,
      `is cut short: its header ends at byte ${position + length}, the file at ${position + bytesRead}; copy or download it again`,
    );
  }
  return buffer;
}

function parseHeader(file: string, text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(file, `has a damaged header: ${messageOf(error)}`, error);
  }
  if (isFields(value)) return value;
  throw broken(file, 'has a damaged header: no JSON object');
}

function tensorInfo(file: string, name: string, value: unknown, dataStart: number): TensorInfo {
  const { dtype, shape, data_offsets: offsets }: Fields = isFields(value) ? value : {};
  if (typeof dtype !== 'string' || !isNumbers(shape) || !isNumbers(offsets) || offsets.length !== 2) {
    throw broken(file, `has a damaged header: tensor ${name} is ${JSON.stringify(value)}`);
  }
  const [start = 0, end = 0] = offsets;
  const bytes = ELEMENT_BYTES[dtype];
  const expected = bytes === undefined ? end - start : shape.reduce((product, size) => product * size, bytes);
  if (end < start || end - start !== expected) {
    throw broken(
      file,
      `has a damaged header: tensor ${name}, ${dtype} ${shapeText(shape)}, needs ${expected} bytes and has offsets ${shapeText(offsets)}`,
    );
  }
  return { name, type: dtype, shape, offset: dataStart + start, length: end - start };
}

/** @param tensors by rising offset */
function refuseOverlaps(file: string, tensors: readonly TensorInfo[]): void {
  let last: TensorInfo | undefined;
  for (const tensor of tensors) {
    if (tensor.length === 0) continue;
    if (last !== undefined && tensor.offset < last.offset + last.length) {
      throw broken(file, `has a damaged header: tensors ${last.name} and ${tensor.name} overlap`);
    }
    last = tensor;
  }
}

function refuseMissingBytes(file: string, tensors: readonly TensorInfo[], size: number): void {
  for (const { name, shape, offset, length } of tensors) {
    if (offset + length <= size) continue;
    const [rows = 1, ...row] = shape;
    const there = [Math.floor((Math.max(0, size - offset) / length) * rows), ...row];
    throw broken(
      file,
      `is cut short: of tensor ${name} ${shapeText(shape)} it holds ${shapeText(there)}, for it ends at byte ${size} instead of ${offset + length}; copy or download it again`,
    );
  }
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && Number(item) >= 0);
}
