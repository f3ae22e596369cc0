import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IndexMemory } from '../../../src/extension/engineClient/indexMemory';
import { EngineSupervisor } from '../../../src/extension/engineClient/supervisor';
import type { Gate } from '../../../src/extension/engineClient/gate';
import type { Configuration } from '../../../src/protocol/messages';
import { FilesChanged, StatusChanged } from '../../../src/protocol/messages';
import { NeosearchError } from '../../../src/base/errors';
import { asking } from '../../asking';
import { Cancellation, ManualTimers, MemoryMemento, vs } from './editorStandIn';
import { MemoryEngine } from './memoryEngine';

const configuration = (...paths: string[]): Configuration => ({
  roots: paths.map((path) => ({
    path,
    name: path.slice(1),
    settings: { exclude: [], include: [], useIgnoreFiles: true, maxFileBytes: 1024 },
  })),
  engine: { device: 'auto', onBattery: 'slow', testsAndVendored: 'lower', logLevel: 'info', paused: false },
});
const allowed = (...paths: string[]): Gate => ({
  kind: 'allowed',
  configuration: configuration(...paths),
});

function supervised(make = (pid: number) => new MemoryEngine(pid)) {
  const timers = new ManualTimers();
  const engines: MemoryEngine[] = [];
  const lines: string[] = [];
  const memento = new MemoryMemento();
  const log = (line: string): void => void lines.push(line);
  const engine = new EngineSupervisor({
    vs,
    launch: () => {
      const process = make(engines.length + 1);
      engines.push(process);
      return Promise.resolve(process);
    },
    installation: '/installation',
    memory: new IndexMemory(memento),
    log: { error: log, warn: log, info: log },
    now: () => timers.now,
    later: timers.later,
  });
  const stops: string[] = [];
  engine.onDidStop((reason) => stops.push(reason));
  return { engine, engines, timers, lines, memento, stops };
}

/** Lets streams and promises run until something holds. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !holds(); i++) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(holds(), `still not: ${holds.toString()}`);
}

async function running(parts: ReturnType<typeof supervised>, ...paths: string[]): Promise<void> {
  parts.engine.setGate(allowed(...paths));
  parts.timers.advance(0);
  await until(() => parts.engine.state.kind === 'running');
}

describe('engine supervisor', () => {
  it('starts nothing before the gate opens, and answers with the reason', async () => {
    const { engine, engines, timers } = supervised();
    engine.setGate({ kind: 'untrusted' });
    timers.advance(60_000);
    assert.equal(engines.length, 0);
    assert.deepEqual(engine.state, { kind: 'untrusted' });
    await assert.rejects(engine.search(asking('a')), { name: 'NeosearchError', message: /Trust/ });
  });

  it('starts after the activation, and questions wait for it', async () => {
    const { engine, engines, timers } = supervised();
    engine.setGate(allowed('/a'));
    assert.equal(engine.state.kind, 'starting');
    assert.equal(engines.length, 0);
    const answer = engine.search(asking('a'));
    timers.advance(0);
    assert.deepEqual((await answer).notes, ['process 1']);
    assert.equal(engine.state.kind, 'running');
    assert.deepEqual(engines[0]?.told, ['initialize /a', 'search a']);
  });

  it('tells new settings once, and nothing where nothing changed', async () => {
    const parts = supervised();
    await running(parts, '/a');
    parts.engine.setGate(allowed('/a'));
    parts.engine.setGate(allowed('/a', '/b'));
    const [engine] = parts.engines;
    await until(() => engine?.told.includes('configure /a,/b') === true);
    assert.deepEqual(engine?.told, ['initialize /a', 'configure /a,/b']);
  });

  it('ends the process when it is turned off, and starts a new one when it is on again', async () => {
    const parts = supervised();
    await running(parts, '/a');
    parts.engine.setGate({ kind: 'off' });
    assert.deepEqual(parts.engine.state, { kind: 'off' });
    await running(parts, '/a');
    assert.deepEqual(parts.engines[0]?.told, ['initialize /a', 'shutdown']);
    assert.equal(parts.engines.length, 2);
    assert.deepEqual(parts.stops, []);
  });

  it('restarts after a crash with the configuration of now; what was asked is rejected', async () => {
    const parts = supervised((pid) => new MemoryEngine(pid, pid === 1 ? 'never' : 'at once'));
    await running(parts, '/a');
    let connects = 0;
    parts.engine.onDidConnect(() => connects++);
    const lost = parts.engine.search(asking('lost'));
    await until(() => parts.engines[0]?.told.includes('search lost') === true);
    parts.engines[0]?.crash();
    await assert.rejects(lost, (error) => error instanceof NeosearchError && error.code === 'engine-failed');
    assert.equal(parts.engine.state.kind, 'restarting');
    parts.engine.setGate(allowed('/a', '/b'));
    const answer = parts.engine.search(asking('again'));
    parts.timers.advance(1000);
    assert.deepEqual((await answer).notes, ['process 2']);
    assert.deepEqual(parts.engines[1]?.told, ['initialize /a,/b', 'search again']);
    assert.equal(connects, 1);
  });

  it('gives up after four restarts, says so once, and comes back when the user asks', async () => {
    const parts = supervised();
    await running(parts, '/a');
    for (let restart = 1; restart <= 4; restart++) {
      parts.engines.at(-1)?.crash();
      await until(() => parts.engine.state.kind === 'restarting');
      assert.ok((parts.timers.delays[0] ?? 0) > 0);
      parts.timers.advance(10_000);
      await until(() => parts.engine.state.kind === 'running');
    }
    parts.engines.at(-1)?.crash();
    await until(() => parts.engine.state.kind === 'stopped');
    parts.timers.advance(600_000);
    assert.equal(parts.engines.length, 5);
    assert.equal(parts.stops.length, 1);
    await assert.rejects(parts.engine.search(asking('a')), { name: 'NeosearchError' });
    const restarted = parts.engine.restart();
    parts.timers.advance(0);
    await restarted;
    assert.equal(parts.engine.state.kind, 'running');
    assert.equal(parts.engines.length, 6);
  });

  it('stops at once where the engine refuses the handshake', async () => {
    const parts = supervised((pid) => {
      const engine = new MemoryEngine(pid);
      engine.refuse = new Error('Wrong version. Reload the window.');
      return engine;
    });
    parts.engine.setGate(allowed('/a'));
    const asked = parts.engine.search(asking('a'));
    parts.timers.advance(0);
    await assert.rejects(asked, { name: 'NeosearchError', message: /Wrong version/ });
    await until(() => parts.engine.state.kind === 'stopped');
    assert.match(parts.stops.join(), /Wrong version/);
  });

  it('tries again when the settings change that it stopped with', async () => {
    const parts = supervised((pid) => {
      const engine = new MemoryEngine(pid);
      if (pid === 1) engine.refuse = new Error('There is no such model.');
      return engine;
    });
    parts.engine.setGate(allowed('/a'));
    parts.timers.advance(0);
    await until(() => parts.engine.state.kind === 'stopped');
    parts.engine.setGate(allowed('/a'));
    parts.timers.advance(60_000);
    assert.equal(parts.engines.length, 1);
    await running(parts, '/a', '/b');
    assert.equal(parts.engines.length, 2);
  });

  it('counts a process that dies during the handshake as a crash', async () => {
    const parts = supervised((pid) => {
      const engine = new MemoryEngine(pid);
      if (pid === 1) setImmediate(() => engine.crash());
      return engine;
    });
    parts.engine.setGate(allowed('/a'));
    parts.timers.advance(0);
    await until(() => parts.engine.state.kind === 'restarting');
    parts.timers.advance(10_000);
    await until(() => parts.engine.state.kind === 'running');
    assert.equal(parts.engines.length, 2);
  });

  it('lets a cancelled question go at once', async () => {
    const parts = supervised((pid) => new MemoryEngine(pid, 'never'));
    await running(parts, '/a');
    const cancellation = new Cancellation();
    const asked = parts.engine.search(asking('slow'), cancellation.token);
    cancellation.cancel();
    await assert.rejects(asked, vs.CancellationError);
  });

  it('lets a question go that waits for the start', async () => {
    const { engine } = supervised();
    engine.setGate(allowed('/a'));
    const cancellation = new Cancellation();
    const asked = engine.search(asking('slow'), cancellation.token);
    cancellation.cancel();
    await assert.rejects(asked, vs.CancellationError);
  });

  it('passes status and notifications on', async () => {
    const parts = supervised();
    await running(parts, '/a');
    const [engine] = parts.engines;
    assert.ok(engine);
    parts.engine.notify(FilesChanged, { root: '/a', changed: ['x.ts'], deleted: [] });
    await until(() => engine.told.includes('changed x.ts'));
    await engine.server.sendNotification(StatusChanged, { ...engine.status, memoryBytes: 7 });
    await until(() => parts.engine.state.kind === 'running' && parts.engine.state.status.memoryBytes === 7);
  });

  it('remembers a deleted index until it is rebuilt', async () => {
    const parts = supervised();
    await running(parts, '/a', '/b');
    await parts.engine.deleteIndex(['/a']);
    const [engine] = parts.engines;
    assert.deepEqual(engine?.told.slice(1), ['delete /a', 'configure /b']);
    const restarted = parts.engine.restart();
    await until(() => parts.timers.delays.length > 0);
    parts.timers.advance(0);
    await restarted;
    const { state } = parts.engine;
    assert.ok(state.kind === 'running');
    assert.deepEqual(
      state.status.roots.map((root) => [root.path, root.state]),
      [
        ['/b', 'ready'],
        ['/a', 'deleted'],
      ],
    );
    await parts.engine.rebuild(['/a']);
    assert.deepEqual(parts.engines[1]?.told, ['initialize /b', 'configure /a,/b', 'rebuild /a']);
  });

  it('remembers that the user paused', async () => {
    const parts = supervised();
    await running(parts, '/a');
    await parts.engine.pause();
    parts.engine.setGate({ kind: 'off' });
    await running(parts, '/a');
    assert.equal(parts.engines[1]?.configuration?.engine.paused, true);
    await parts.engine.resume();
    assert.deepEqual(parts.engines[1].told.slice(1), ['resume']);
  });

  it('ends the process on deactivation', async () => {
    const parts = supervised();
    await running(parts, '/a');
    await parts.engine.close();
    assert.deepEqual(parts.engines[0]?.told, ['initialize /a', 'shutdown']);
    assert.equal(parts.engines[0].wasKilled, false);
  });
});
