/**
 * The languages that files can be in: VS Code language ids, and what names them. Each list is separated by
 * spaces and in lower case. Where two languages claim an extension, the first row has it.
 */

/** One language and what gives it away. */
export interface LanguageRow {
  /** VS Code language id, or the usual extension's where VS Code has none of its own. */
  readonly id: string;
  /** Endings of file names, without the first dot; may hold dots (`d.ts`). */
  readonly extensions: string;
  /** What people call it in a filter, besides the id and the extensions. */
  readonly aliases?: string;
  /** Whole file names. */
  readonly files?: string;
  /** Programs that a `#!` line may name. */
  readonly interpreters?: string;
}

/** Languages of programs. */
const programs: readonly LanguageRow[] = [
  {
    id: 'python',
    extensions: 'py pyi pyw pyx pxd pyt gyp gypi rpy wsgi ipy',
    aliases: 'python3',
    files: 'sconstruct sconscript wscript',
    interpreters: 'python pypy uv',
  },
  {
    id: 'javascript',
    extensions: 'js mjs cjs es6 jsm pac',
    aliases: 'node ecmascript',
    files: 'jakefile',
    interpreters: 'node nodejs bun',
  },
  { id: 'javascriptreact', extensions: 'jsx' },
  { id: 'typescript', extensions: 'ts mts cts', interpreters: 'deno ts-node tsx' },
  { id: 'typescriptreact', extensions: 'tsx' },
  { id: 'go', extensions: 'go', aliases: 'golang' },
  { id: 'rust', extensions: 'rs', interpreters: 'rust-script' },
  { id: 'java', extensions: 'java jav jsh' },
  { id: 'c', extensions: 'c i', interpreters: 'tcc' },
  {
    id: 'cpp',
    extensions:
      'cpp cppm cc ccm cxx cxxm c++ c++m hpp hh hxx h++ h ii ino inl ipp ixx tpp txx hpp.in h.in cpp.in',
    aliases: 'cplusplus',
  },
  { id: 'csharp', extensions: 'cs csx cake', aliases: 'c# dotnet' },
  {
    id: 'ruby',
    extensions: 'rb rbx rjs gemspec rake ru podspec rbi jbuilder thor rabl',
    files:
      'rakefile gemfile guardfile podfile capfile cheffile hobofile vagrantfile appraisals rantfile berksfile thorfile puppetfile dangerfile brewfile fastfile appfile deliverfile matchfile',
    interpreters: 'ruby jruby rake',
  },
  { id: 'php', extensions: 'php php3 php4 php5 php7 php8 phtml phps ctp', interpreters: 'php' },
  { id: 'kotlin', extensions: 'kt kts ktm', interpreters: 'kotlin kscript' },
  { id: 'swift', extensions: 'swift swiftinterface', interpreters: 'swift' },
  { id: 'scala', extensions: 'scala sc sbt', interpreters: 'scala scala-cli amm' },
  { id: 'elixir', extensions: 'ex exs', interpreters: 'elixir' },
  { id: 'lua', extensions: 'lua rockspec luau', files: '.luacheckrc', interpreters: 'lua luajit' },
  {
    id: 'shellscript',
    extensions: 'sh bash zsh ksh bats ebuild eclass command bash_aliases zsh-theme profile xinitrc',
    aliases: 'shell',
    files:
      'apkbuild pkgbuild .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .envrc .profile .zshrc .zprofile .zshenv .zlogin .zlogout .kshrc bashrc zshrc profile bash_completion',
    interpreters: 'sh bash dash zsh ksh ash mksh bats',
  },
  { id: 'fish', extensions: 'fish', interpreters: 'fish' },
  { id: 'powershell', extensions: 'ps1 psm1 psd1 pssc psrc', aliases: 'ps pwsh', interpreters: 'pwsh' },
  { id: 'bat', extensions: 'bat cmd', aliases: 'batch' },
  { id: 'haskell', extensions: 'hs lhs hsc hs-boot', interpreters: 'runhaskell runghc stack' },
  { id: 'zig', extensions: 'zig zon' },
  { id: 'perl', extensions: 'pl pm t psgi', files: 'cpanfile makefile.pl build.pl', interpreters: 'perl' },
  { id: 'raku', extensions: 'raku rakumod rakutest p6 pm6', aliases: 'perl6', interpreters: 'raku perl6' },
  { id: 'r', extensions: 'r rhistory rprofile', files: '.rprofile', interpreters: 'rscript' },
  { id: 'dart', extensions: 'dart', interpreters: 'dart' },
  {
    id: 'clojure',
    extensions: 'clj cljs cljc cljx clojure edn bb',
    aliases: 'clojurescript',
    interpreters: 'bb clojure',
  },
  { id: 'erlang', extensions: 'erl hrl escript app.src', files: 'rebar.config', interpreters: 'escript' },
  { id: 'gleam', extensions: 'gleam' },
  { id: 'ocaml', extensions: 'ml mli mll mly eliom', files: '.ocamlinit dune dune-project' },
  { id: 'fsharp', extensions: 'fs fsi fsx fsscript', aliases: 'f#' },
  { id: 'vb', extensions: 'vb vbs bas brs', aliases: 'visualbasic vb.net' },
  { id: 'julia', extensions: 'jl', interpreters: 'julia' },
  {
    id: 'groovy',
    extensions: 'groovy gvy gradle nf',
    files: 'jenkinsfile',
    interpreters: 'groovy',
  },
  { id: 'objective-c', extensions: 'm', aliases: 'objc objectivec obj-c' },
  { id: 'objective-cpp', extensions: 'mm', aliases: 'objc++ objectivecpp' },
  { id: 'matlab', extensions: 'mlx', interpreters: 'octave' },
  { id: 'cuda-cpp', extensions: 'cu cuh', aliases: 'cuda' },
  { id: 'd', extensions: 'd di' },
  { id: 'nim', extensions: 'nim nims nimble' },
  { id: 'crystal', extensions: 'cr', interpreters: 'crystal' },
  { id: 'v', extensions: 'vsh' },
  { id: 'odin', extensions: 'odin' },
  { id: 'pascal', extensions: 'pas pp dpr lpr', aliases: 'delphi' },
  { id: 'ada', extensions: 'adb ads ada' },
  { id: 'fortran', extensions: 'f90 f95 f03 f08 f for f77 ftn' },
  { id: 'cobol', extensions: 'cob cbl cpy' },
  { id: 'lisp', extensions: 'lisp lsp asd', aliases: 'common-lisp commonlisp', interpreters: 'sbcl' },
  { id: 'elisp', extensions: 'el', aliases: 'emacs-lisp', files: '.emacs' },
  { id: 'scheme', extensions: 'scm ss sld sls', interpreters: 'guile' },
  { id: 'racket', extensions: 'rkt rktl', interpreters: 'racket' },
  { id: 'elm', extensions: 'elm' },
  { id: 'purescript', extensions: 'purs' },
  { id: 'haxe', extensions: 'hx' },
  { id: 'coffeescript', extensions: 'coffee cson iced', files: 'cakefile', interpreters: 'coffee' },
  { id: 'solidity', extensions: 'sol' },
  { id: 'move', extensions: 'move' },
  { id: 'apex', extensions: 'apex trigger' },
  { id: 'tcl', extensions: 'tcl tk', interpreters: 'tclsh wish expect' },
  { id: 'awk', extensions: 'awk', interpreters: 'awk gawk' },
  { id: 'viml', extensions: 'vim vimrc', aliases: 'vim vimscript', files: '.vimrc _vimrc .gvimrc' },
  { id: 'asm', extensions: 's asm nasm', aliases: 'assembly assembler' },
  { id: 'llvm', extensions: 'll' },
  { id: 'wat', extensions: 'wat wast' },
  { id: 'verilog', extensions: 'v vh' },
  { id: 'systemverilog', extensions: 'sv svh' },
  { id: 'vhdl', extensions: 'vhd vhdl' },
  { id: 'glsl', extensions: 'glsl vert frag geom tesc tese comp vs' },
  { id: 'hlsl', extensions: 'hlsl hlsli fx cginc' },
  { id: 'shaderlab', extensions: 'shader' },
  { id: 'wgsl', extensions: 'wgsl' },
  { id: 'metal', extensions: 'metal' },
  { id: 'gdscript', extensions: 'gd' },
  { id: 'qml', extensions: 'qml' },
  { id: 'lean4', extensions: 'lean', aliases: 'lean' },
  { id: 'agda', extensions: 'agda lagda' },
  { id: 'idris', extensions: 'idr' },
  { id: 'prolog', extensions: 'prolog', interpreters: 'swipl' },
  { id: 'starlark', extensions: 'bzl star', aliases: 'bazel', files: 'build workspace build.bazel buck' },
  { id: 'nix', extensions: 'nix' },
  { id: 'dhall', extensions: 'dhall' },
  { id: 'cue', extensions: 'cue' },
  { id: 'jsonnet', extensions: 'jsonnet libsonnet' },
  { id: 'rego', extensions: 'rego' },
  { id: 'sql', extensions: 'sql ddl dml pgsql psql plsql pks pkb', aliases: 'postgres mysql' },
];

/** Markup, styles and templates. */
const markup: readonly LanguageRow[] = [
  { id: 'html', extensions: 'html htm shtml xhtml xht mdoc jsp asp aspx jshtm volt ejs rhtml' },
  { id: 'css', extensions: 'css' },
  { id: 'scss', extensions: 'scss' },
  { id: 'sass', extensions: 'sass' },
  { id: 'less', extensions: 'less' },
  { id: 'stylus', extensions: 'styl' },
  { id: 'postcss', extensions: 'pcss postcss' },
  { id: 'vue', extensions: 'vue' },
  { id: 'svelte', extensions: 'svelte' },
  { id: 'astro', extensions: 'astro' },
  { id: 'razor', extensions: 'cshtml razor' },
  { id: 'handlebars', extensions: 'handlebars hbs hjs mustache' },
  { id: 'jade', extensions: 'pug jade' },
  { id: 'haml', extensions: 'haml' },
  { id: 'slim', extensions: 'slim' },
  { id: 'erb', extensions: 'erb' },
  { id: 'blade', extensions: 'blade.php' },
  { id: 'twig', extensions: 'twig' },
  { id: 'jinja', extensions: 'jinja jinja2 j2' },
  { id: 'liquid', extensions: 'liquid' },
  { id: 'phoenix-heex', extensions: 'heex', aliases: 'heex' },
  { id: 'html-eex', extensions: 'eex leex', aliases: 'eex' },
  { id: 'markdown', extensions: 'md mkd mdwn mdown markdown markdn mdtxt mdtext workbook rmd qmd' },
  { id: 'mdx', extensions: 'mdx' },
  { id: 'restructuredtext', extensions: 'rst rest', aliases: 'restructured' },
  { id: 'asciidoc', extensions: 'adoc asciidoc asc' },
  { id: 'latex', extensions: 'tex ltx ctx sty cls dtx', aliases: 'tex' },
  { id: 'bibtex', extensions: 'bib' },
  { id: 'typst', extensions: 'typ' },
  { id: 'org', extensions: 'org' },
  { id: 'textile', extensions: 'textile' },
  { id: 'pod', extensions: 'pod' },
  { id: 'rdoc', extensions: 'rdoc' },
  { id: 'djot', extensions: 'dj' },
  { id: 'mediawiki', extensions: 'mediawiki wiki' },
  { id: 'texinfo', extensions: 'texi texinfo' },
  { id: 'troff', extensions: 'man roff', aliases: 'man groff' },
  {
    id: 'plaintext',
    extensions: 'txt text',
    aliases: 'plain',
    files:
      'readme license licence copying notice authors contributors maintainers changelog changes history news todo install thanks',
  },
];

/** Data, settings and build files. */
const data: readonly LanguageRow[] = [
  { id: 'jupyter', extensions: 'ipynb', aliases: 'notebook' },
  {
    id: 'jsonc',
    extensions: 'jsonc json5 code-workspace code-snippets language-configuration.json hujson',
    aliases: 'json5',
    files:
      'tsconfig.json jsconfig.json .eslintrc .eslintrc.json .jshintrc .jscsrc .babelrc .swcrc .devcontainer.json devcontainer.json settings.json launch.json tasks.json keybindings.json extensions.json deno.json',
  },
  {
    id: 'json',
    extensions:
      'json bowerrc webmanifest js.map css.map ts.map har jslintrc geojson topojson avsc gltf resjson tfstate',
    files: '.watchmanconfig composer.lock .prettierrc .swiftformat.json',
  },
  { id: 'jsonl', extensions: 'jsonl ndjson', aliases: 'jsonlines' },
  {
    id: 'yaml',
    extensions: 'yaml yml eyaml cff yaml-tmlanguage',
    files: '.clang-format .clang-tidy .clangd .yamllint .gemrc',
  },
  {
    id: 'toml',
    extensions: 'toml',
    files: 'cargo.lock poetry.lock uv.lock pipfile pdm.lock gopkg.lock',
  },
  {
    id: 'xml',
    extensions:
      'xml xsd xsl xslt ascx atom axml axaml bpmn csl csproj vbproj fsproj vcxproj vcxproj.filters shproj proj props targets props.in config dita ditamap dtd ent rng rss svg plist storyboard xib xaml wsdl wxs wxi wxl resx nuspec ui xliff xlf tmx jnlp launch mod.xml opml owl rdf gpx kml plist.in xcprivacy entitlements',
  },
  { id: 'ini', extensions: 'ini', files: '.npmrc .flake8 .pylintrc .coveragerc .wslconfig' },
  {
    id: 'properties',
    extensions:
      'conf cfg properties directory repo service desktop socket timer gitattributes gitconfig gitmodules editorconfig',
    files: '.gitattributes .gitconfig .gitmodules .editorconfig .mailmap',
  },
  { id: 'dotenv', extensions: 'env', files: '.env' },
  {
    id: 'ignore',
    extensions: 'gitignore npmignore dockerignore',
    files:
      '.gitignore .dockerignore .npmignore .neosearchignore .prettierignore .eslintignore .vscodeignore .hgignore .ignore .gcloudignore .helmignore',
  },
  { id: 'proto3', extensions: 'proto', aliases: 'protobuf protobufs' },
  { id: 'thrift', extensions: 'thrift' },
  { id: 'avro-idl', extensions: 'avdl' },
  { id: 'capnp', extensions: 'capnp' },
  { id: 'flatbuffers', extensions: 'fbs' },
  { id: 'graphql', extensions: 'graphql gql graphqls' },
  { id: 'prisma', extensions: 'prisma' },
  { id: 'terraform', extensions: 'tf tfvars tofu' },
  { id: 'hcl', extensions: 'hcl nomad' },
  { id: 'bicep', extensions: 'bicep' },
  { id: 'puppet', extensions: 'puppet' },
  {
    id: 'dockerfile',
    extensions: 'dockerfile containerfile',
    aliases: 'docker',
    files: 'dockerfile containerfile',
  },
  {
    id: 'makefile',
    extensions: 'mak mk make',
    aliases: 'make',
    files: 'makefile gnumakefile ocamlmakefile bsdmakefile makefile.am makefile.in',
    interpreters: 'make',
  },
  { id: 'just', extensions: 'just', files: 'justfile .justfile', interpreters: 'just' },
  { id: 'cmake', extensions: 'cmake', files: 'cmakelists.txt' },
  { id: 'meson', extensions: '', files: 'meson.build meson_options.txt meson.options' },
  { id: 'ninja', extensions: 'ninja' },
  { id: 'gn', extensions: 'gn gni' },
  { id: 'm4', extensions: 'm4 ac', files: 'configure.ac' },
  { id: 'cabal', extensions: 'cabal', files: 'cabal.project' },
  { id: 'go.mod', extensions: '', files: 'go.mod', aliases: 'gomod' },
  { id: 'go.work', extensions: '', files: 'go.work' },
  { id: 'go.sum', extensions: '', files: 'go.sum go.work.sum' },
  { id: 'pip-requirements', extensions: '', files: 'requirements.txt requirements.in constraints.txt' },
  { id: 'kdl', extensions: 'kdl' },
  { id: 'ron', extensions: 'ron' },
  { id: 'csv', extensions: 'csv' },
  { id: 'tsv', extensions: 'tsv tab' },
  { id: 'po', extensions: 'po pot', aliases: 'gettext' },
  { id: 'diff', extensions: 'diff patch rej' },
  { id: 'log', extensions: 'log' },
];

/** Every language that is known. */
export const languageRows: readonly LanguageRow[] = [...programs, ...markup, ...data];

/** Names that stand for several languages in a filter. */
export const families: Readonly<Record<string, readonly string[]>> = {
  js: ['javascript', 'javascriptreact'],
  javascript: ['javascript', 'javascriptreact'],
  ts: ['typescript', 'typescriptreact'],
  typescript: ['typescript', 'typescriptreact'],
  json: ['json', 'jsonc'],
  objc: ['objective-c', 'objective-cpp'],
  terraform: ['terraform', 'hcl'],
  eex: ['html-eex', 'phoenix-heex'],
};

/** Documentation and other writing for people. */
export const proseIds = [
  'markdown',
  'mdx',
  'restructuredtext',
  'asciidoc',
  'latex',
  'typst',
  'org',
  'textile',
  'pod',
  'rdoc',
  'djot',
  'mediawiki',
  'texinfo',
  'troff',
  'plaintext',
] as const;
