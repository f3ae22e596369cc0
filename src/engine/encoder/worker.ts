/**
 * The encoder's worker thread: owns the ONNX Runtime session, whose `run` blocks its thread. Answers one batch
 * after the other, urgent ones first.
 */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { messageOf, NeosearchError } from '../../base/errors';
import type { RunnableModel, Runtime } from '../model/model';
import { openModel } from '../model/openModel';
import type { RunRequest, WorkerReply, WorkerRequest, WorkerSetup } from './messages';
import { NativeGate } from './nativeGate';

async function serve(port: MessagePort, setup: WorkerSetup): Promise<void> {
  const gate = new NativeGate(setup.gate);
  try {
    const model = await gate.inside(async () => openModel(await loadRuntime(), setup.modelDir, setup));
    const server = new BatchServer(port, model, gate);
    port.on('message', (request: WorkerRequest) => {
      server.take(request);
      // Failures are replies.
      void server.work();
    });
    reply(port, { kind: 'ready' });
  } catch (error) {
    reply(port, failureOf(error));
  }
}

/** @throws NeosearchError `no-runtime` where there is none for this platform */
async function loadRuntime(): Promise<Runtime> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n');
    throw new NeosearchError(
      'no-runtime',
      `ONNX Runtime cannot be loaded on ${process.platform}-${process.arch} (${reason}). Only words are searched; install the package made for your platform, if there is one.`,
      { cause: error },
    );
  }
}

class BatchServer {
  private readonly waiting: { urgent: RunRequest[]; patient: RunRequest[] } = { urgent: [], patient: [] };
  private closing = false;
  private working = false;

  constructor(
    private readonly port: MessagePort,
    private readonly model: RunnableModel,
    private readonly gate: NativeGate,
  ) {}

  take(request: WorkerRequest): void {
    switch (request.kind) {
      case 'run':
        this.waiting[request.urgent ? 'urgent' : 'patient'].push(request);
        return;
      case 'close':
        this.closing = true;
    }
  }

  /** Runs what waits, until nothing does. */
  async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let request = this.next(); request !== undefined; request = this.next()) await this.run(request);
    this.working = false;
    if (this.closing) await this.close();
  }

  private next(): RunRequest | undefined {
    // What came while the last batch ran is still in the port: an urgent batch must not wait for the event loop.
    for (
      let received = receiveMessageOnPort(this.port);
      received !== undefined;
      received = receiveMessageOnPort(this.port)
    ) {
      this.take(received.message as WorkerRequest);
    }
    if (this.closing) return undefined;
    return this.waiting.urgent.shift() ?? this.waiting.patient.shift();
  }

  private async run({ id, ids, lengths }: RunRequest): Promise<void> {
    try {
      const start = performance.now();
      const output = await this.gate.inside(() => this.model.run(ids, lengths));
      const milliseconds = performance.now() - start;
      // The memory is ONNX Runtime's: the vectors leave as a copy.
      const vectors = new Float32Array(output.vectors);
      reply(this.port, { kind: 'vectors', id, vectors, milliseconds }, [vectors.buffer]);
    } catch (error) {
      reply(this.port, { ...failureOf(error), id });
    }
  }

  private async close(): Promise<void> {
    try {
      await this.gate.inside(() => this.model.release());
    } finally {
      // Nothing else keeps the thread alive.
      this.port.close();
    }
  }
}

function reply(port: MessagePort, message: WorkerReply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

function failureOf(error: unknown): Extract<WorkerReply, { kind: 'failure' }> {
  const code = error instanceof NeosearchError ? error.code : 'engine-failed';
  return { kind: 'failure', code, message: messageOf(error) };
}

if (parentPort === null) throw new TypeError('worker.ts runs as a worker thread only.');
// ONNX Runtime reads it when it is loaded, from the process's own environment: the thread must share that.
process.env['ORT_DISABLE_TELEMETRY'] = '1';
void serve(parentPort, workerData as WorkerSetup);
