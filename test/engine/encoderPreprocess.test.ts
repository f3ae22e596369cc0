/** What `split-identifiers` does, and all that it does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preprocess } from '../../src/core/encode/preprocess';

const split = (text: string): string => preprocess(text, ['split-identifiers']);

test('identifiers are cut at humps and underscores', () => {
  const cases = {
    getUser: 'get User',
    getHTTPServer: 'get HTTP Server',
    HTTPServer: 'HTTP Server',
    HTTP: 'HTTP',
    parseJSON2Map: 'parse JSON2 Map',
    utf8Decode: 'utf8 Decode',
    get_http__server: 'get http server',
    __init__: ' init ',
    MAX_VALUE: 'MAX VALUE',
    snake_Camel: 'snake Camel',
    'a.b(cD)': 'a.b(c D)',
    'kebab-case': 'kebab-case',
    ÄrgerÜber: 'Ärger Über',
    naïveÉcole: 'naïve École',
    ДомДва: 'Дом Два',
    '٣Abc': '٣ Abc',
    '𝐀𝐁𝐚': '𝐀 𝐁𝐚',
    ǅab: 'ǅab',
    'e\u0301A': 'e\u0301A',
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(split(text), expected, text);
});

test('nothing else changes', () => {
  for (const text of ['', 'a b\tc\r\nd', 'A B', '日本語Text', '1 + 2 == 3', '\u0000\uD800x']) {
    assert.equal(split(text), text);
  }
  assert.equal(preprocess('getUser_name', []), 'getUser_name');
});
