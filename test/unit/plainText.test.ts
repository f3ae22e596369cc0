/** Texts that are the same program, and how many lines of one say anything. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainText, significantLines } from '../../src/core/render/plainText';

const same = (language: string, one: string, other: string): boolean =>
  plainText(one, language) === plainText(other, language);

describe('plainText', () => {
  test('is equal for other comments, line ends and layout', () => {
    assert.ok(same('typescript', 'a(b); // why\r\n/* more\n */ c()', 'a( b );\n\n  c()'));
    assert.ok(same('python', 'def f():  # why\n    return 1\n', 'def f():\n  return  1'));
    assert.ok(same('sql', 'select 1 -- one', 'select 1'));
    assert.ok(same('html', '<p>a</p><!-- b -->', '<p>a</p>'));
    assert.ok(same('clojure', '(a b) ; c', '(a  b)'));
  });

  test('differs for other code, and for comment marks inside strings', () => {
    assert.ok(!same('typescript', 'a(b)', 'a(c)'));
    assert.ok(!same('typescript', 'f("http://a")', 'f("http://b")'));
    assert.ok(!same('python', 'f("#a")', 'f("#b")'));
    assert.ok(!same('go', "x := '\\'' // a\ny", "x := '\\''"));
  });

  test('differs where depth is part of the program', () => {
    assert.ok(!same('python', 'if a:\n  b\nc', 'if a:\n  b\n  c'));
    assert.ok(same('javascript', 'if (a)\n  b\nc', 'if (a)\n  b\n  c'));
  });

  test('takes an apostrophe for what it is', () => {
    assert.ok(same('rust', "fn f<'a>(x: &'a str) {} // it's", "fn f<'a>(x: &'a str) {}"));
  });

  test('leaves an unclosed comment and an unknown language alone', () => {
    assert.equal(plainText('a /* b', 'css'), 'a');
    assert.equal(plainText('a # b', 'klingon'), 'a#b');
  });
});

describe('significantLines', () => {
  test('counts neither comments nor imports nor brackets', () => {
    const text =
      "// licence\nimport { a } from 'a';\nimport b from 'b';\n\nconst c = require('c');\nfunction f() {\n  return 1;\n}\n";
    assert.equal(significantLines(text, 'typescript'), 2);
    assert.equal(significantLines('#include <a>\n#include "b"\nint x;\n', 'cpp'), 1);
    assert.equal(significantLines('from a import b\nimport c\n# d\ne = 1\n', 'python'), 1);
    assert.equal(significantLines('package a\nimport (\n\t"fmt"\n\tb "c/d"\n)\n', 'go'), 0);
  });
});
