/**
 * What a path says of a file's part in a project, by conventions that many ecosystems share. Ranking lowers
 * some of these classes unless a query asks for them. Nothing here knows any one project.
 */

/**
 * - `test`: tests, their fixtures, mocks and snapshots
 * - `example`: examples, samples, demos, tutorials, stories
 * - `benchmark`: code that measures speed
 * - `vendored`: other people's code kept in the project
 * - `generated`: made by a tool (build output, stubs from an interface file)
 * - `docs`: documentation, by folder or by kind of file
 * - `translation`: texts in other languages
 * - `changelog`: what changed when
 * - `legal`: licences, authors, codes of conduct
 * - `stub`: declarations of types without code
 * - `legacy`: kept for old callers (compat, deprecated, polyfills)
 * - `barrel`: a file that by convention mostly passes on what others define (`index.ts`, `__init__.py`)
 */
export type PathClass =
  | 'test'
  | 'example'
  | 'benchmark'
  | 'vendored'
  | 'generated'
  | 'docs'
  | 'translation'
  | 'changelog'
  | 'legal'
  | 'stub'
  | 'legacy'
  | 'barrel';

/**
 * The classes of a file, by its path alone.
 * @param path relative to the root, with `/` between its parts
 */
export function classifyPath(path: string): ReadonlySet<PathClass> {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  const classes = new Set<PathClass>();
  folders.forEach((folder, depth) => {
    for (const rule of folderRules) {
      if (depth < (rule.depth ?? Infinity) && rule.matches.test(folder)) classes.add(rule.is);
    }
  });
  for (const rule of nameRules) if (rule.matches.test(name)) classes.add(rule.is);
  if (isGeneratedName(name)) classes.add('generated');
  // `spec` holds tests beside code, and specifications beside prose.
  if (!classes.has('test') && codeFile.test(name) && folders.some((folder) => specFolder.test(folder))) {
    classes.add('test');
  }
  return classes;
}

/** Whether a file's name alone says that a tool wrote it (`api.pb.go`, `model_pb2.py`, `View.g.cs`). */
export function isGeneratedName(name: string): boolean {
  return generatedNames.some((pattern) => pattern.test(name));
}

interface Rule {
  readonly is: PathClass;
  readonly matches: RegExp;
  /** The rule holds for the first so many folders of a path only; absent: for all of them. */
  readonly depth?: number;
}

const specFolder = /^(spec|specs)$/i;
const codeFile =
  /\.(rb|js|mjs|cjs|jsx|ts|mts|cts|tsx|lua|py|cr|php|ex|exs|hs|coffee|java|kt|scala|groovy|swift|clj)$/i;

/** One folder's name each. */
const folderRules: readonly Rule[] = [
  {
    is: 'test',
    matches:
      /^(tests?|__tests?__|unit[-_]?tests?|e2e|e2e[-_]tests?|integration[-_]?tests?|functional[-_]?tests?|test[-_]?(data|cases?|suites?|utils?|helpers?|fixtures?|support|resources|apps?)|__mocks__|__fixtures__|fixtures?|__snapshots__|testthat|conformance|cypress|playwright)$/i,
  },
  // src/androidTest, commonTest, testFixtures; Foo.Tests, Foo.UnitTests, FooTests; spec_helpers; test-foo.
  {
    is: 'test',
    matches:
      /^([a-z]+Test|testFixtures|[\w.]*\.(Unit|Integration|Functional|Acceptance)?Tests?|[A-Z]\w*Tests|[\w-]+[-_]tests?|tests?[-_][\w-]+)$/,
  },
  { is: 'test', matches: /^t$/, depth: 1 },
  {
    is: 'example',
    matches:
      /^([\w.-]+[-_.])?_?(examples?|samples?|demos?|tutorials?|quick-?starts?|playgrounds?|cookbooks?|showcases?|walkthroughs?|storybook|stories)$/i,
  },
  { is: 'benchmark', matches: /^(bench|benches|[\w-]*benchmarks?|microbenchmarks?|perf[-_]?tests?)$/i },
  {
    is: 'vendored',
    matches:
      /^(_?vendor(ed)?|_vendored|third[-_]?party|3rd[-_]?party|node_modules|bower_components|jspm_packages|site-packages|Pods|Carthage|Godeps|subprojects|submodules)$/i,
  },
  { is: 'vendored', matches: /^(extern|externals?|deps|dependencies)$/i, depth: 2 },
  { is: 'generated', matches: /^(gen|generated|__generated__|\.generated|auto-?generated|_generated)$/i },
  { is: 'generated', matches: /^(dist|out|target|bin|obj|public\/build|_site|site|\.output)$/i, depth: 1 },
  {
    is: 'docs',
    matches:
      /^(docs?|documentation|[\w-]+[-_]docs?|docs?[-_]\w+|man|manual|manpages?|guides?|wiki|website|handbook|rfcs?|adrs?|proposals)$/i,
  },
  { is: 'translation', matches: /^(i18n|l10n|locales?|translations?|lang|languages|[\w-]*\.lproj)$/i },
  {
    is: 'changelog',
    matches: /^(changelogs?|changes|release[-_]?notes|releasenotes|\.changeset|newsfragments)$/i,
  },
  { is: 'legal', matches: /^(licen[sc]es?|legal)$/i },
  { is: 'stub', matches: /^(typings|stubs|typeshed|@types|[\w-]+-stubs)$/i },
  {
    is: 'legacy',
    matches:
      /^(legacy|compat|compatibility|backports?|back-?compat|deprecated|obsolete|old|attic|archived?|polyfills?|shims?)$/i,
  },
];

/** A file's name, ending included. */
const nameRules: readonly Rule[] = [
  // test_foo.py, foo_test.go, foo-test.c, foo.spec.ts, foo_spec.rb, foo_SUITE.erl, foo_unittest.cc, foo.bats
  { is: 'test', matches: /^tests?[-_][^/]*\.\w+$/i },
  { is: 'test', matches: /[-_.](tests?|specs?|suite|unittests?|e2e|cy|snap|fixtures?|mocks?)\.[a-z]\w*$/i },
  // FooTest.java, FooTests.cs, FooSpec.scala, FooTestCase.php, FooIT.java, TestFoo.java
  {
    is: 'test',
    matches:
      /^[A-Z]\w*[a-z0-9](Tests?|TestCases?|TestSuite|TestBase|Spec|Specs|Suite|IT)\.(java|kt|kts|scala|groovy|cs|fs|vb|swift|php|hs|cpp|cc|cxx|h|hpp|mm?|dart|jl|ts|js|tsx|jsx|py)$/,
  },
  { is: 'test', matches: /^Test[A-Z]\w*\.(java|kt|scala|groovy|cs|swift|php|cpp|h|m)$/ },
  {
    is: 'test',
    matches:
      /^(tests?\.(py|rs|js|ts|mjs|cjs|jsx|tsx|c|cc|cpp|zig|go|rb|lua|sh|php)|conftest\.py|runtests\.\w+|testing\.go|(spec|test)[-_]?helper\.\w+|.*\.(bats|t|snap))$/i,
  },
  { is: 'example', matches: /(^|[-_.])(examples?|samples?|demos?|tutorial|stories|story)\.[a-z]\w*$/i },
  { is: 'example', matches: /^(examples?|samples?|demo)[-_][^/]*\.\w+$/i },
  { is: 'benchmark', matches: /(^|[-_.])(bench|benchmarks?)\.[a-z]\w*$/i },
  { is: 'benchmark', matches: /^([A-Z]\w*[a-z0-9]Benchmarks?\.\w+|bench(mark)?[-_][^/]*\.\w+)$/ },
  {
    is: 'docs',
    matches:
      /(^(README|CONTRIBUTING|FAQ|INSTALL|TODO)$|\.(md|mdx|markdown|rst|adoc|asciidoc|rdoc|pod|textile|org|txt|typ|tex)$)/i,
  },
  // README.zh-CN.md, guide_fr.md, messages.de.json
  {
    is: 'translation',
    matches:
      /([-_.](zh|ja|ko|fr|de|es|pt|ru|it|pl|tr|nl|uk|vi|id|ar|fa|hi|th|cs|sv|da|fi|nb|ro|hu|he|el|bg)([-_][a-z]{2,4})?\.(md|mdx|rst|adoc|txt|html|json|ya?ml|properties|po|arb|resx|strings)|\.(po|pot|arb|strings|xlf|xliff))$/i,
  },
  {
    is: 'changelog',
    matches:
      /^(change-?logs?|changes|history|news|releases?|release[-_]?notes|upgrading|upgrade|migrating|migration|what'?s[-_]?new)(([-_.][\w.-]*)?\.(md|markdown|rst|adoc|txt|rdoc|org|html))?$/i,
  },
  {
    is: 'legal',
    matches:
      /^(licen[sc]es?|copying|copyright|notices?|authors?|contributors|maintainers|code[-_]of[-_]conduct|governance|patents|credits|thanks|acknowledge?ments|third[-_]?party[-_]?(notices|licen[sc]es))(([-_.][\w.-]*)?\.(md|markdown|rst|adoc|txt|html))?$/i,
  },
  { is: 'legal', matches: /^(LICEN[SC]E|COPYING|NOTICE)[-_.][A-Z0-9_.-]+$/ },
  { is: 'stub', matches: /\.(pyi|d\.ts|d\.mts|d\.cts|rbi|rbs|stub\.php|swiftinterface)$/i },
  {
    is: 'legacy',
    matches: /^_?(compat|compatibility|legacy|deprecated|deprecations?|backports?|polyfills?|shims?)\.\w+$/i,
  },
  {
    is: 'legacy',
    matches: /([-_.](compat|legacy|deprecated|polyfill|shim)\.\w+$|^(legacy|deprecated)[-_])/i,
  },
  { is: 'barrel', matches: /^(__init__\.pyi?|index\.[cm]?[jt]sx?|package-info\.java|module-info\.java)$/ },
];

const generatedNames: readonly RegExp[] = [
  // Protocol buffers, gRPC, Thrift, FlatBuffers.
  /(\.pb(\.gw|\.validate|enum|json|server|grpc|objc)?\.(go|cc|h|m|mm|rs|swift|dart|ts|js|py|java|php|rb)|_pb2?(_grpc)?\.(py|pyi|js|ts|d\.ts|rb)|_grpc_pb\.(js|d\.ts)|_generated\.(h|hpp|rs|go|py|ts|js))$/i,
  /\.(g|g\.i|designer|freezed|gr|mocks|config\.g)\.(cs|vb|dart|fs)$/i,
  /[._-](gen|generated)\.(go|ts|tsx|js|jsx|mjs|py|rs|java|kt|cs|swift|dart|rb|php|c|cc|cpp|h|hpp|ex|graphql|json)$/i,
  /^(zz_generated|generated)[._].*\.\w+$/i,
  // Qt's, bison's and flex's.
  /^((moc|qrc)_.*\.cpp|.*\.tab\.[ch](c|pp)?|lex\.yy\.c+)$/i,
  /\.(snap|tfstate|tfstate\.backup)$/i,
];
