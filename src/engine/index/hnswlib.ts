/** The optional native library hnswlib-node: loaded if it could be installed, otherwise the reason is kept. */
import { messageOf } from '../../base/errors';

/** The part of hnswlib-node's HierarchicalNSW that is used. All but readIndex and writeIndex block. */
export interface NativeGraph {
  initIndex(options: { maxElements: number; m: number; efConstruction: number; randomSeed: number }): void;
  readIndex(file: string): Promise<boolean>;
  writeIndex(file: string): Promise<boolean>;
  resizeIndex(maxElements: number): void;
  addPoint(point: number[], label: number): void;
  markDelete(label: number): void;
  unmarkDelete(label: number): void;
  searchKnn(
    query: number[],
    k: number,
    filter?: (label: number) => boolean,
  ): { readonly distances: number[]; readonly neighbors: number[] };
  getIdsList(): number[];
  getMaxElements(): number;
  getNumDimensions(): number;
  setEf(ef: number): void;
}

export type NativeGraphClass = new (space: 'ip', dimensions: number) => NativeGraph;

/** The library, or one line that says why there is none. */
export type Hnswlib =
  | { readonly HierarchicalNSW: NativeGraphClass; readonly missing?: undefined }
  | { readonly HierarchicalNSW?: undefined; readonly missing: string };

/** Gives the module's exports, or throws. */
export type HnswlibLoader = () => unknown;

/** Loads hnswlib-node. Never throws: without it, exact search takes its place. */
export async function loadHnswlib(load: HnswlibLoader = importHnswlib): Promise<Hnswlib> {
  try {
    const exports = await load();
    for (const candidate of [exports, property(exports, 'default')]) {
      const constructor = property(candidate, 'HierarchicalNSW');
      if (typeof constructor === 'function') return { HierarchicalNSW: constructor as NativeGraphClass };
    }
    return { missing: 'hnswlib-node has no HierarchicalNSW' };
  } catch (error) {
    return { missing: `hnswlib-node could not be loaded: ${firstLine(messageOf(error))}` };
  }
}

/** Not a literal, so that neither the compiler nor a bundler asks for a package that may not be there. */
const PACKAGE: string = 'hnswlib-node';

function importHnswlib(): Promise<unknown> {
  return import(PACKAGE) as Promise<unknown>;
}

function property(value: unknown, name: string): unknown {
  const holder = typeof value === 'object' || typeof value === 'function' ? value : null;
  return holder === null ? undefined : (Reflect.get(holder, name) as unknown);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
