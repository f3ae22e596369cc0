/** Requests in line for the worker thread: urgent ones first, then in the order in which they came. */
import type { Worker } from 'node:worker_threads';
import { messageOf, NeosearchError } from '../../base/errors';
import { BatchSize } from './batches';
import type { Batch, EncodeRequest } from './encodeRequest';
import type { WorkerReply, WorkerRequest } from './messages';
import type { NativeGate } from './nativeGate';

/**
 * Patient batches that the worker has at a time: one that runs and one that waits there, so that it need not
 * wait for this thread. More would have to be run before requests that come later, and after they are given up.
 */
const WITH_WORKER = 2;

export class BatchLine {
  /** Resolves once the worker can run batches. */
  readonly ready: Promise<void>;
  private readonly waiting: { urgent: EncodeRequest[]; patient: EncodeRequest[] } = {
    urgent: [],
    patient: [],
  };
  /** Batches that the worker has, by their number. */
  private readonly running = new Map<number, Batch>();
  private readonly size = new BatchSize();
  private readonly exited: Promise<void>;
  private lastId = 0;
  /** Why nothing can be run any more. */
  private failure: NeosearchError | undefined;

  /** @param gate that the worker goes through for native code; it is shut before the process ends */
  constructor(
    private readonly worker: Worker,
    gate: NativeGate,
  ) {
    process.on('exit', gate.shut);
    this.exited = new Promise((resolve) => {
      worker.once('exit', () => {
        process.off('exit', gate.shut);
        resolve();
      });
    });
    this.ready = new Promise((resolve, reject) => {
      const stopped = (error: NeosearchError): void => {
        reject(error);
        this.end(error);
      };
      worker.on('message', (reply: WorkerReply) => {
        switch (reply.kind) {
          case 'ready':
            resolve();
            return;
          case 'vectors':
            this.filled(reply);
            return;
          case 'failure': {
            const error = new NeosearchError(reply.code, reply.message);
            if (reply.id === undefined) stopped(error);
            else this.failed(reply.id, error);
          }
        }
      });
      worker.once('error', (error) => stopped(crash(messageOf(error), error)));
      worker.once('exit', (code) => stopped(crash(`its thread ended with code ${code}`)));
    });
    // Whoever opens it awaits `ready`; nobody else must.
    this.ready.catch(() => undefined);
  }

  add(request: EncodeRequest): void {
    if (this.failure !== undefined) {
      request.fail(this.failure);
      return;
    }
    this.waiting[request.urgent ? 'urgent' : 'patient'].push(request);
    this.feed();
  }

  /**
   * Ends the worker. Whatever is not done fails.
   * @returns once the batch that runs is through: a thread that is ended in native code takes the process along
   */
  async close(): Promise<void> {
    this.end(new NeosearchError('engine-failed', 'The encoder was closed.'));
    this.post({ kind: 'close' });
    await this.exited;
  }

  /** Hands the worker what it may have. */
  private feed(): void {
    for (let request = this.next(); request !== undefined; request = this.next()) {
      const batch = request.take(this.size.tokens);
      this.lastId += 1;
      this.running.set(this.lastId, batch);
      const { ids, lengths } = batch;
      this.post({ kind: 'run', id: this.lastId, urgent: request.urgent, ids, lengths });
    }
  }

  private next(): EncodeRequest | undefined {
    const { urgent, patient } = this.waiting;
    const query = firstLeft(urgent);
    if (query !== undefined) return query;
    const passages = firstLeft(patient);
    const busy = [...this.running.values()].filter(({ request }) => !request.urgent).length;
    return busy < WITH_WORKER ? passages : undefined;
  }

  private filled({ id, vectors, milliseconds }: Extract<WorkerReply, { kind: 'vectors' }>): void {
    const batch = this.running.get(id);
    if (batch === undefined) return;
    this.running.delete(id);
    this.size.measured(batch.lengths.length * Math.max(...batch.lengths), milliseconds);
    batch.request.rejectIfAborted();
    batch.request.fill(batch, vectors);
    this.feed();
  }

  private failed(id: number, error: NeosearchError): void {
    this.running.get(id)?.request.fail(error);
    this.running.delete(id);
    this.feed();
  }

  /** The first reason stands. */
  private end(error: NeosearchError): void {
    this.failure ??= error;
    const { urgent, patient } = this.waiting;
    const open = new Set([
      ...urgent,
      ...patient,
      ...[...this.running.values()].map(({ request }) => request),
    ]);
    urgent.length = 0;
    patient.length = 0;
    this.running.clear();
    for (const request of open) request.fail(this.failure);
  }

  private post(request: WorkerRequest): void {
    this.worker.postMessage(request);
  }
}

/** The first request with something to run; those before it are dropped. */
function firstLeft(requests: EncodeRequest[]): EncodeRequest | undefined {
  for (const request of [...requests]) {
    request.rejectIfAborted();
    if (!request.exhausted) return request;
    requests.shift();
  }
  return undefined;
}

function crash(what: string, cause?: unknown): NeosearchError {
  return new NeosearchError('engine-failed', `The encoder stopped working: ${what}. Run the command again.`, {
    cause,
  });
}
