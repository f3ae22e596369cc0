/** The panel's filter and the engine know the same languages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syntaxLanguages } from '../../src/core/chunk/languages/languages';
import { resolveLanguage } from '../../src/core/corpus/language';
import { LANGUAGES } from '../../src/webview/languages';

test('the filter of the panel offers every language that is cut along its syntax, by name', () => {
  const offered = LANGUAGES.flatMap(([id]) => resolveLanguage(id) ?? [`unknown: ${id}`]);
  assert.deepEqual(
    offered.filter((id) => id.startsWith('unknown')),
    [],
  );
  assert.deepEqual(
    syntaxLanguages.filter((id) => !offered.includes(id)),
    [],
  );
  const names = LANGUAGES.map(([, name]) => name);
  assert.deepEqual(
    names,
    [...names].sort((a, b) => a.localeCompare(b, 'en')),
  );
});
