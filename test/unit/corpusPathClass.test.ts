/** What paths say of files. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyPath, isGeneratedName } from '../../src/core/corpus/pathClass';

const classes: Record<string, string> = {
  // Tests, by folder and by name, in the manner of each language.
  'tests/unit/parse.py': 'test',
  'pkg/test_parse.py': 'test',
  'pkg/parse_test.go': 'test',
  'src/__tests__/a.js': 'test',
  'src/a.spec.ts': 'test',
  'src/a.test.tsx': 'test',
  'src/main/FooTest.java': 'test',
  'src/test/java/Foo.java': 'test',
  'Foo.Tests/Bar.cs': 'test',
  'lib/FooTests.cs': 'test',
  'spec/models/user_spec.rb': 'test',
  'spec/support/shared.rb': 'test',
  'app/src/androidTest/A.kt': 'test',
  'Tests/AppTests/A.swift': 'test',
  'lib/a_test.exs': 'test',
  'test/a_SUITE.erl': 'test',
  'src/FooSpec.hs': 'test',
  'core/foo_unittest.cc': 'test',
  'conftest.py': 'test',
  't/basic.t': 'test',
  'src/parser/tests.rs': 'test',
  'testdata/input.txt': 'docs test',
  'src/__snapshots__/a.snap': 'generated test',
  'R/testthat/test-a.R': 'test',
  'cli/install.bats': 'test',
  // The rest.
  'examples/hello.py': 'example',
  'samples/App.java': 'example',
  'demo/main.c': 'example',
  'src/Button.stories.tsx': 'example',
  'benches/parse.rs': 'benchmark',
  'src/parse.bench.ts': 'benchmark',
  'vendor/github.com/a/b.go': 'vendored',
  'third_party/zlib/inflate.c': 'vendored',
  'web/node_modules/a/b.js': 'vendored',
  'external/lib/a.c': 'vendored',
  'deps/a.c': 'vendored',
  'api/user.pb.go': 'generated',
  'dist/app.js': 'generated',
  'src/generated/client.ts': 'generated',
  'docs/guide.md': 'docs',
  'README.md': 'docs',
  'docs/fr/README.fr.md': 'docs translation',
  'src/locales/de.json': 'translation',
  'CHANGELOG.md': 'changelog docs',
  'HISTORY.rst': 'changelog docs',
  LICENSE: 'legal',
  'LICENSE-MIT': 'legal',
  'types/index.d.ts': 'stub',
  'pkg/api.pyi': 'stub',
  'src/compat/old.py': 'legacy',
  'pkg/_compat.py': 'legacy',
  'src/polyfills/fetch.js': 'legacy',
  'pkg/__init__.py': 'barrel',
  'src/index.ts': 'barrel',
  // Names that only look like something.
  'src/latest.py': '',
  'src/contest.js': '',
  'src/Latest.java': '',
  'src/attestation/verify.go': '',
  'src/inspector.ts': '',
  'src/testing.py': '',
  'src/history/undo.ts': '',
  'src/distribution.py': '',
  'src/outer/main.c': '',
  'packages/x/src/external/client.ts': '',
  'core/vendors/dialect.kt': '',
  'src/changes.ts': '',
  'src/generator.ts': '',
  'src/demographics.py': '',
  'src/install.sh': '',
  'models/license.rb': '',
  'src/license-checker.js': '',
  'src/release-utils.ts': '',
  'main.go': '',
  '': '',
};

describe('classifyPath', () => {
  for (const [path, expected] of Object.entries(classes)) {
    it(`${path || '(nothing)'}: ${expected || 'nothing'}`, () =>
      assert.equal([...classifyPath(path)].sort().join(' '), expected));
  }
});

describe('isGeneratedName', () => {
  it('knows what generators write', () => {
    const yes = [
      'a.pb.go',
      'a_pb2.py',
      'a_pb2_grpc.py',
      'a.pb.h',
      'V.g.cs',
      'F.Designer.cs',
      'm.freezed.dart',
      'a.gen.go',
    ];
    for (const name of [...yes, 'zz_generated.deepcopy.go', 'moc_window.cpp', 'a.snap'])
      assert.ok(isGeneratedName(name), name);
    for (const name of ['a.go', 'pb.go', 'generator.py', 'gen.go', 'designer.cs'])
      assert.ok(!isGeneratedName(name), name);
  });
});
