/** Headings of documentation: what is one, and what only looks like one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lines } from '../../src/core/chunk/lines';
import { plainHeading } from '../../src/core/chunk/prose/heading';
import { proseHeadings } from '../../src/core/chunk/prose/headingsOf';

/** `line level name` of each heading; lines from 1. */
function headings(language: string, text: string): string[] {
  const scan = proseHeadings(language);
  assert.ok(scan, language);
  return scan(new Lines(text)).map(({ line, level, name }) => `${line + 1} ${level} ${name}`);
}

describe('headings', () => {
  it('of Markdown', () => {
    assert.deepEqual(
      headings('markdown', '# One\n## Two ##\n#notone\n####### seven\n   ### Three\n    # code\n#\n'),
      ['1 1 One', '2 2 Two', '5 3 Three'],
    );
    assert.deepEqual(headings('markdown', 'Title\r\n=====\r\n\r\nSub\r\n---\r\n'), ['1 1 Title', '4 2 Sub']);
  });

  it('of Markdown: rules, lists, tables and paragraphs are none', () => {
    assert.deepEqual(headings('markdown', 'text\n\n---\n\n- item\n---\n| a |\n---\nline\nline\n---\n'), []);
  });

  it('of Markdown: not in code, comments and front matter', () => {
    assert.deepEqual(headings('markdown', '```\n# a\n~~~\n```\n# b\n'), ['5 1 b']);
    assert.deepEqual(headings('markdown', '- x\n  ````md\n  ```\n  # a\n  ````\n# b'), ['6 1 b']);
    assert.deepEqual(headings('markdown', '<!--\n# a\n-->\n# b'), ['4 1 b']);
    assert.deepEqual(headings('markdown', '~~~\n# never closed\n'), []);
    assert.deepEqual(headings('markdown', "---\n# a\ntitle: 'T'\n---\n## b"), ['1 0 T', '5 2 b']);
    assert.deepEqual(headings('markdown', '---\ntitle: T\n---\n# b'), ['4 1 b']);
  });

  it('of reStructuredText: levels in the order of their first use', () => {
    const text = '=====\nTitle\n=====\n\nPart\n----\n\ntext\n\nInner\n~~~~~\n\nPart 2\n------\n';
    assert.deepEqual(headings('restructuredtext', text), [
      '1 1 Title',
      '5 2 Part',
      '10 3 Inner',
      '13 2 Part 2',
    ]);
  });

  it('of reStructuredText: transitions, tables and code are none', () => {
    const text =
      'text\n\n-----\n\n====  ====\na     b\n====  ====\n\n::\n\n    Code\n    ----\n\n.. note\n-------\n';
    assert.deepEqual(headings('restructuredtext', text), []);
  });

  it('of AsciiDoc', () => {
    const text =
      '= T\n\n== A ==\n----\n== no\n----\n[source]\n```ruby\n== no\n```\n=== B\n====\nexample\n====\n';
    assert.deepEqual(headings('asciidoc', text), ['1 1 T', '3 2 A', '11 3 B']);
  });

  it('of other languages', () => {
    assert.deepEqual(headings('latex', '\\section*{A \\emph{b}}\n\\subsection[x]{C}\n% \\section{no}'), [
      '1 2 A b',
      '2 3 C',
    ]);
    assert.deepEqual(headings('org', '* TODO A :tag:\n#+BEGIN_SRC\n* no\n#+END_SRC\n** B'), [
      '1 1 A',
      '5 2 B',
    ]);
    assert.deepEqual(headings('typst', '= A\n```\n= no\n```\n== B'), ['1 1 A', '5 2 B']);
    assert.deepEqual(headings('mediawiki', '== A ==\n=== B ==='), ['1 2 A', '2 3 B']);
    assert.deepEqual(headings('textile', 'h2. A'), ['1 2 A']);
    assert.deepEqual(headings('pod', '=head1 NAME\n\n=over'), ['1 1 NAME']);
    assert.deepEqual(headings('texinfo', '@chapter A\n@section B'), ['1 1 A', '2 3 B']);
    assert.deepEqual(headings('troff', '.SH NAME\n.SS "Sub one"'), ['1 1 NAME', '2 2 Sub one']);
  });

  it('are read without markup', () => {
    assert.equal(plainHeading('The [`get`](#get) *method* of **all** {#the-get}'), 'The get method of all');
    assert.equal(plainHeading('![badge](x.svg) [![b](y.svg)](z) Name <a id="n"></a>'), 'Name');
    assert.equal(plainHeading(':class:`~requests.Session` Objects'), 'requests.Session Objects');
    assert.equal(plainHeading('snake_case_name and 2 * 3 * 4'), 'snake_case_name and 2 * 3 * 4');
  });
});
