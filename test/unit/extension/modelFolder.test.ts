/** Which files a folder must have to be offered as a model. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { missingModelFiles } from '../../../src/extension/commands/modelFolder';

const root = mkdtempSync(path.join(tmpdir(), 'neosearch-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

function folder(name: string, ...files: string[]): string {
  const dir = path.join(root, name);
  for (const file of files) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), '{}');
  }
  return dir;
}

test('weights or any ONNX export make a model, beside its configuration and tokenizer', async () => {
  const both = ['config.json', 'tokenizer.json'];
  assert.deepEqual(await missingModelFiles(folder('neobert', ...both, 'model.safetensors')), []);
  assert.deepEqual(await missingModelFiles(folder('int8', ...both, 'onnx/model_quantized.onnx')), []);
  assert.deepEqual(await missingModelFiles(folder('top', ...both, 'model.onnx')), []);
  assert.deepEqual(await missingModelFiles(folder('bare', ...both)), ['model.safetensors / onnx/model.onnx']);
  assert.deepEqual(await missingModelFiles(folder('graph only', 'onnx/model.onnx')), both);
  assert.equal((await missingModelFiles(path.join(root, 'none'))).length, 3);
});
