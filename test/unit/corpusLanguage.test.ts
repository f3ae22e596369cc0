/** Languages of files, and names of languages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isProse, languageOf, resolveLanguage } from '../../src/core/corpus/language';

describe('languageOf', () => {
  const byPath: Record<string, string> = {
    'a/b.py': 'python',
    'a\\B.TSX': 'typescriptreact',
    'types.d.ts': 'typescript',
    'x.mjs': 'javascript',
    'main.go': 'go',
    'x.h': 'cpp',
    'x.c': 'c',
    'View.cshtml': 'razor',
    'page.blade.php': 'blade',
    'server.go.tmpl': 'go',
    'nginx.conf.j2': 'properties',
    'mail.html.j2': 'jinja',
    'show.html.erb': 'erb',
    'config.yml.example': 'yaml',
    'build.gradle': 'groovy',
    'build.gradle.kts': 'kotlin',
    Dockerfile: 'dockerfile',
    'Dockerfile.prod': 'dockerfile',
    'web.dockerfile': 'dockerfile',
    Makefile: 'makefile',
    'Makefile.am': 'makefile',
    'CMakeLists.txt': 'cmake',
    Gemfile: 'ruby',
    Jenkinsfile: 'groovy',
    'BUILD.bazel': 'starlark',
    'tsconfig.base.json': 'jsonc',
    'package.json': 'json',
    '.eslintrc': 'jsonc',
    '.gitignore': 'ignore',
    '.env.local': 'dotenv',
    '.bashrc': 'shellscript',
    'requirements-dev.txt': 'pip-requirements',
    'api.proto': 'proto3',
    'main.tf': 'terraform',
    'notes.ipynb': 'jupyter',
    README: 'plaintext',
    'README.zh-CN.md': 'markdown',
    'guide.rst': 'restructuredtext',
    'guide.adoc': 'asciidoc',
    'ls.1': 'troff',
    'release-1.5': 'plaintext',
    'App.vue': 'vue',
    'x.csproj': 'xml',
    'unknown.zzz': 'plaintext',
    'dir.py/file': 'plaintext',
    '..py': 'python',
    '': 'plaintext',
  };
  for (const [path, language] of Object.entries(byPath)) {
    it(`${path || '(nothing)'} is ${language}`, () => assert.equal(languageOf(path), language));
  }

  it('asks the first line where the name says nothing', () => {
    assert.equal(languageOf('bin/run', '#!/bin/sh'), 'shellscript');
    assert.equal(languageOf('bin/run', '#!/usr/bin/env -S node --flag'), 'javascript');
    assert.equal(languageOf('bin/run', '#! /usr/bin/python3.11 -u'), 'python');
    assert.equal(languageOf('bin/run', '#!/opt/unheard-of'), 'plaintext');
    assert.equal(languageOf('config', '<?xml version="1.0"?>'), 'xml');
    assert.equal(languageOf('page', '<!DOCTYPE html>'), 'html');
    assert.equal(languageOf('script', '# -*- mode: ruby -*-'), 'ruby');
    assert.equal(languageOf('header', '// -*- C++ -*-'), 'cpp');
    assert.equal(languageOf('script', '# vim: set ft=python:'), 'python');
    assert.equal(languageOf('a.rb', '#!/bin/sh'), 'ruby');
    assert.equal(languageOf('f.m', 'function y = f(x)'), 'matlab');
    assert.equal(languageOf('f.m', '#import <Foundation/Foundation.h>'), 'objective-c');
  });
});

describe('resolveLanguage', () => {
  const names: Record<string, readonly string[] | undefined> = {
    py: ['python'],
    js: ['javascript', 'javascriptreact'],
    JavaScript: ['javascript', 'javascriptreact'],
    jsx: ['javascriptreact'],
    ts: ['typescript', 'typescriptreact'],
    tsx: ['typescriptreact'],
    'c++': ['cpp'],
    c: ['c'],
    cs: ['csharp'],
    'C#': ['csharp'],
    'f#': ['fsharp'],
    sh: ['shellscript'],
    bash: ['shellscript'],
    shell: ['shellscript'],
    hs: ['haskell'],
    rb: ['ruby'],
    rs: ['rust'],
    kt: ['kotlin'],
    md: ['markdown'],
    rst: ['restructuredtext'],
    golang: ['go'],
    ' .yml ': ['yaml'],
    json: ['json', 'jsonc'],
    dockerfile: ['dockerfile'],
    tf: ['terraform'],
    notebook: ['jupyter'],
    constructor: undefined,
    nonsense: undefined,
    '': undefined,
  };
  for (const [name, ids] of Object.entries(names)) {
    it(`${name || '(nothing)'} is ${ids?.join(' and ') ?? 'no language'}`, () =>
      assert.deepEqual(resolveLanguage(name), ids));
  }
});

describe('isProse', () => {
  it('tells writing from code and data', () => {
    for (const id of ['markdown', 'restructuredtext', 'asciidoc', 'plaintext', 'latex'])
      assert.ok(isProse(id));
    for (const id of ['python', 'json', 'html', 'jupyter', 'csv']) assert.ok(!isProse(id));
  });
});
