import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { QuerySession, type QueryState } from '../../../src/extension/palette/querySession';
import type { WireAnswer } from '../../../src/protocol/messages';
import { hit, settled } from './support';

interface Asked {
  readonly query: string;
  readonly signal: AbortSignal;
  readonly answer: (answer: WireAnswer) => void;
  readonly fail: (error: unknown) => void;
}

const ANSWER: WireAnswer = { hits: [hit()], notes: [] };

describe('QuerySession', () => {
  let asked: Asked[];
  let states: QueryState[];
  let session: QuerySession;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    asked = [];
    states = [];
    session = new QuerySession(
      (query, signal) =>
        new Promise((answer, fail) => {
          asked.push({ query, signal, answer, fail });
        }),
      (state) => states.push(state),
      100,
    );
  });
  afterEach(() => {
    session.dispose();
    mock.timers.reset();
  });

  it('asks once after the keys rested, for what was typed last', () => {
    session.type('r');
    mock.timers.tick(50);
    session.type('re');
    mock.timers.tick(99);
    assert.equal(asked.length, 0);
    mock.timers.tick(1);
    assert.deepEqual(
      asked.map(({ query }) => query),
      ['re'],
    );
  });

  it('answers', async () => {
    session.type('retry', true);
    asked[0]?.answer(ANSWER);
    await settled();
    assert.deepEqual(states, [
      { kind: 'searching', query: 'retry' },
      { kind: 'answered', query: 'retry', answer: ANSWER },
    ]);
  });

  it('cancels the older question and drops its late answer', async () => {
    session.type('old', true);
    session.type('new', true);
    assert.equal(asked[0]?.signal.aborted, true);
    asked[0].answer(ANSWER);
    await settled();
    assert.deepEqual(session.state, { kind: 'searching', query: 'new' });
    asked[1]?.fail(new Error('no'));
    await settled();
    assert.equal(session.state.kind, 'failed');
  });

  it('asks nothing for white space, nor for the same words again', async () => {
    session.type('  ');
    session.type('retry', true);
    asked[0]?.answer(ANSWER);
    await settled();
    session.type('retry ');
    session.type(' retry', true);
    mock.timers.tick(1000);
    assert.equal(asked.length, 1);
  });

  it('asks at once when told to while the keys rest', () => {
    session.type('retry');
    session.type('retry', true);
    assert.equal(asked.length, 1);
    mock.timers.tick(1000);
    assert.equal(asked.length, 1);
  });

  it('is empty again when the box is', async () => {
    session.type('retry', true);
    session.type('');
    asked[0]?.answer(ANSWER);
    await settled();
    assert.deepEqual(session.state, { kind: 'empty' });
    assert.equal(asked[0]?.signal.aborted, true);
  });

  it('can ask the same again', () => {
    session.again();
    assert.equal(asked.length, 0);
    session.type('retry', true);
    session.again();
    assert.deepEqual(
      asked.map(({ signal }) => signal.aborted),
      [true, false],
    );
  });
});
