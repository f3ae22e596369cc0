/**
 * Keeps a process from ending while a thread of it is in native code: ONNX Runtime's binding aborts the whole
 * process when its thread is ended inside a call. Both threads hold one over the same memory.
 */
import { NeosearchError } from '../../base/errors';

const INSIDE = 0;
const SHUT = 1;

export class NativeGate {
  private readonly cells: Int32Array<SharedArrayBuffer>;

  /** @param memory of the other thread's gate */
  constructor(readonly memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.cells = new Int32Array(memory);
  }

  /**
   * Runs what calls native code; for the thread that may be ended.
   * @throws NeosearchError `engine-failed` once the gate is shut
   */
  async inside<T>(work: () => Promise<T>): Promise<T> {
    Atomics.store(this.cells, INSIDE, 1);
    try {
      if (Atomics.load(this.cells, SHUT) === 1)
        throw new NeosearchError('engine-failed', 'The process is ending.');
      return await work();
    } finally {
      Atomics.store(this.cells, INSIDE, 0);
      Atomics.notify(this.cells, INSIDE);
    }
  }

  /** Lets nothing in any more and blocks until the thread is outside; for the thread that ends it. */
  readonly shut = (): void => {
    Atomics.store(this.cells, SHUT, 1);
    while (Atomics.load(this.cells, INSIDE) === 1) Atomics.wait(this.cells, INSIDE, 1);
  };
}
