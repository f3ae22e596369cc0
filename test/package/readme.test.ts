import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

interface Options {
  readonly root: string;
  readonly base?: { readonly links: string; readonly images: string };
}
interface Readme {
  readonly forMarketplace: (markdown: string, options: Options) => string;
}

const root = process.cwd();
const base = { links: 'https://host/project/blob/v1', images: 'https://host/project/raw/v1/' };

describe('the README of a package', () => {
  let forMarketplace: Readme['forMarketplace'];

  before(async () => {
    const script = pathToFileURL(path.resolve('scripts/package/readme.mjs')).href;
    ({ forMarketplace } = (await import(script)) as Readme);
  });

  it('points to where the files can be read', () => {
    assert.equal(
      forMarketplace('![Icon](media/icon.png) and [style](docs/style.md#style)', { root, base }),
      '![Icon](https://host/project/raw/v1/media/icon.png) and [style](https://host/project/blob/v1/docs/style.md#style)',
    );
  });

  it('carries its images, and no links that lead nowhere, where there is no such place', () => {
    const text = forMarketplace('![Icon](media/icon.png) and [style](docs/style.md)', { root });
    assert.match(text, /^!\[Icon\]\(data:image\/png;base64,iVBORw0KGgo[\w+/]+=*\) and style$/);
  });

  it('leaves addresses and anchors alone', () => {
    const text = '[a](https://example.com/b) [c](#d)';
    assert.equal(forMarketplace(text, { root }), text);
  });

  it('refuses what is missing, and an address that is not https', () => {
    assert.throws(
      () => forMarketplace('![x](media/none.png)', { root }),
      /media\/none\.png, which is missing/,
    );
    const plain = { links: 'http://host/', images: 'http://host/' };
    assert.throws(() => forMarketplace('[x](README.md)', { root, base: plain }), /https/);
  });
});
