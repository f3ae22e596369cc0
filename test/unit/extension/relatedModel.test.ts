import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import {
  FOLLOW_DELAY,
  INDEX_DELAY,
  RelatedModel,
  type RelatedState,
  type Subject,
} from '../../../src/extension/related/relatedModel';
import type { WireRelated, WireRelatedFile } from '../../../src/protocol/messages';
import { settled } from './support';

interface Asked {
  readonly subject: Subject;
  readonly signal: AbortSignal;
  readonly answer: (answer: WireRelated) => void;
  readonly fail: (error: unknown) => void;
}

const A: Subject = { root: '/r', path: 'a.ts' };
const B: Subject = { root: '/r', path: 'b.ts' };
const FILE: WireRelatedFile = { root: '/r', path: 'x.ts', language: 'typescript', score: 1, pairs: [] };

describe('RelatedModel', () => {
  let asked: Asked[];
  let states: RelatedState[];
  let model: RelatedModel;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    asked = [];
    states = [];
    model = new RelatedModel(
      (subject, signal) =>
        new Promise((answer, fail) => {
          asked.push({ subject, signal, answer, fail });
        }),
      (state) => states.push(state),
    );
    model.show(true);
  });
  afterEach(() => {
    model.dispose();
    mock.timers.reset();
  });

  async function answerLast(files: readonly WireRelatedFile[] = [FILE]): Promise<void> {
    asked.at(-1)?.answer({ files });
    await settled();
  }

  async function settleOn(subject: Subject): Promise<void> {
    model.follow(subject);
    mock.timers.tick(FOLLOW_DELAY);
    await answerLast();
  }

  it('asks about the editor that stays, not about those passed through', () => {
    model.follow(A);
    mock.timers.tick(FOLLOW_DELAY - 1);
    model.follow(B);
    mock.timers.tick(FOLLOW_DELAY);
    assert.deepEqual(
      asked.map(({ subject }) => subject.path),
      ['b.ts'],
    );
  });

  it('keeps what it has until something newer is there', async () => {
    await settleOn(A);
    model.follow(B);
    mock.timers.tick(FOLLOW_DELAY);
    assert.deepEqual(model.state, { subject: A, files: [FILE] });
    assert.equal(states.length, 1);
    await answerLast([]);
    assert.deepEqual(model.state, { subject: B, files: [] });
  });

  it('does not ask twice about one file while the index stays', async () => {
    await settleOn(A);
    model.follow(A);
    mock.timers.tick(10_000);
    assert.equal(asked.length, 1);
  });

  it('asks again when the index changed, but not at every change', async () => {
    await settleOn(A);
    for (let i = 0; i < 10; i++) {
      model.indexChanged();
      mock.timers.tick(100);
    }
    assert.equal(asked.length, 1);
    mock.timers.tick(INDEX_DELAY);
    assert.equal(asked.length, 2);
  });

  it('does not forget a change that comes while it asks', async () => {
    model.follow(A);
    mock.timers.tick(FOLLOW_DELAY);
    model.indexChanged();
    await answerLast();
    mock.timers.tick(INDEX_DELAY);
    assert.equal(asked.length, 2);
  });

  it('withdraws the question about a file that is left', () => {
    model.follow(A);
    mock.timers.tick(FOLLOW_DELAY);
    model.follow(B);
    assert.equal(asked[0]?.signal.aborted, true);
    mock.timers.tick(FOLLOW_DELAY);
    assert.equal(asked[1]?.subject, B);
  });

  it('stays with the pinned file', async () => {
    await settleOn(A);
    model.pin();
    await settleOn(B);
    assert.equal(model.state.subject, A);
    model.unpin();
    mock.timers.tick(0);
    await answerLast();
    assert.equal(model.state.subject, B);
  });

  it('stays when one of its own files is opened, until another is looked at', async () => {
    await settleOn(A);
    model.willOpen(B);
    model.follow(B);
    mock.timers.tick(10_000);
    assert.equal(asked.length, 1);
    model.follow({ root: '/r', path: 'c.ts' });
    mock.timers.tick(FOLLOW_DELAY);
    await answerLast();
    await settleOn(B);
    assert.equal(model.state.subject, B);
  });

  it('asks nothing while nobody looks, and once somebody does', () => {
    model.show(false);
    model.follow(A);
    mock.timers.tick(1000);
    assert.equal(asked.length, 0);
    model.show(true);
    mock.timers.tick(0);
    assert.equal(asked.length, 1);
  });

  it('asks again on refresh', async () => {
    await settleOn(A);
    model.refresh();
    mock.timers.tick(0);
    assert.equal(asked.length, 2);
  });

  it('keeps the files of a subject when asking again fails', async () => {
    await settleOn(A);
    model.refresh();
    mock.timers.tick(0);
    asked[1]?.fail(new Error('no engine'));
    await settled();
    assert.deepEqual(model.state.files, [FILE]);
    assert.notEqual(model.state.error, undefined);
  });
});
