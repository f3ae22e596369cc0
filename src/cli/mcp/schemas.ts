/** What agents send and get, as schemas that describe themselves. */
import { z } from './sdk';

const DEFAULT_TOKENS = 4000;

const maxTokens = z
  .number()
  .int()
  .min(200)
  .max(50_000)
  .default(DEFAULT_TOKENS)
  .describe('Most tokens of the answer. Places that do not fit are named without their code.');

const limit = z.number().int().min(1).max(50).default(10).describe('Most places to return.');

const file = z.string().min(1).describe('Path of a file, absolute or relative to the indexed folder.');

export const searchInput = {
  query: z
    .string()
    .min(1)
    .describe(
      'What the code or text does, in plain words ("where are failed downloads retried"), or a symbol name. ' +
        'May hold filters: path:GLOB, -path:GLOB, lang:NAME, "exact phrase".',
    ),
  limit,
  paths: z.array(z.string()).default([]).describe('Globs; only files that match one of them (src/**).'),
  languages: z.array(z.string()).default([]).describe('Only files in one of these languages (python, ts).'),
  kind: z
    .enum(['all', 'code', 'docs'])
    .default('all')
    .describe('code: no documentation; docs: documentation only.'),
  includeTests: z.boolean().default(true).describe('false leaves tests out.'),
  maxTokens,
};

export const similarInput = {
  path: file.optional(),
  startLine: z.number().int().min(1).optional().describe('First line, from 1. Without, the whole file.'),
  endLine: z.number().int().min(1).optional().describe('Last line, included.'),
  text: z.string().optional().describe('The code itself, where it is in no file.'),
  limit,
  maxTokens,
};

export const relatedInput = {
  path: file,
  limit,
  maxTokens,
};

const place = {
  path: z.string(),
  startLine: z.number().describe('From 1, both ends included.'),
  endLine: z.number(),
};

export const hitsOutput = {
  hits: z
    .array(
      z.object({
        ...place,
        language: z.string(),
        breadcrumb: z.array(z.string()).describe('Enclosing symbols or headings, outermost first.'),
        similarity: z.number().optional().describe('Cosine in [-1, 1].'),
        code: z.string(),
        codeStartLine: z.number().describe('Line that the code opens with.'),
        copies: z.array(z.object(place)).optional().describe('Other places with the same text.'),
      }),
    )
    .describe('Best first.'),
  left: z.number().describe('Places that did not fit into the token budget with their code.'),
  notes: z.array(z.string()),
};

const pairSide = z.object({
  startLine: z.number(),
  endLine: z.number(),
  breadcrumb: z.array(z.string()),
});

export const relatedOutput = {
  files: z
    .array(
      z.object({
        path: z.string(),
        language: z.string(),
        pairs: z.array(z.object({ own: pairSide, other: pairSide, similarity: z.number() })),
      }),
    )
    .describe('Closest first, each with the pairs of places that are closest.'),
  notes: z.array(z.string()),
};

export const statusOutput = {
  folders: z.array(
    z.object({
      root: z.string(),
      exists: z.boolean(),
      files: z.number(),
      chunks: z.number(),
      pending: z.number().describe('Chunks that are found by their words only so far.'),
      encoder: z.string(),
      device: z.string(),
      indexDir: z.string(),
    }),
  ),
  notes: z.array(z.string()),
};
