/** The texts of the panel's page in the user's language, by their English form. */
import * as vscode from 'vscode';

export function pageTexts(): Record<string, string> {
  const { t } = vscode.l10n;
  return {
    'Search by meaning': t('Search by meaning'),
    Filters: t('Filters'),
    History: t('History'),
    Mode: t('Mode'),
    'Meaning and words': t('Meaning and words'),
    'Meaning only': t('Meaning only'),
    'Words only': t('Words only'),
    'Code and docs': t('Code and docs'),
    'Code only': t('Code only'),
    'Docs only': t('Docs only'),
    Tests: t('Tests'),
    'All languages': t('All languages'),
    'Folder, such as src/app': t('Folder, such as src/app'),
    'Show more': t('Show more'),
    'Why it matched': t('Why it matched'),
    'More like this': t('More like this'),
    'Copy path': t('Copy path'),
    'Copy as reference': t('Copy as reference'),
    'Send to chat': t('Send to chat'),
    'Compare with selection': t('Compare with selection'),
    'Open to the side': t('Open to the side'),
    '{0} results in {1} files': t('{0} results in {1} files', '{0}', '{1}'),
    'Nothing found. Try other words, or fewer filters.': t(
      'Nothing found. Try other words, or fewer filters.',
    ),
    'Say what the code does, in your words.': t('Say what the code does, in your words.'),
    'where do we retry failed downloads': t('where do we retry failed downloads'),
    'Filters in the query: path:src lang:ts -path:test "exact phrase"': t(
      'Filters in the query: path:src lang:ts -path:test "exact phrase"',
    ),
    'Arrow keys preview, Enter opens, Ctrl+Enter opens to the side, Esc goes back to the box.': t(
      'Arrow keys preview, Enter opens, Ctrl+Enter opens to the side, Esc goes back to the box.',
    ),
    Results: t('Results'),
    'lines {0} to {1}': t('lines {0} to {1}', '{0}', '{1}'),
    meaning: t('meaning'),
    words: t('words'),
    symbol: t('the name asked for'),
    definition: t('defines words of the query'),
    path: t('file name'),
    file: t('the file as a whole'),
    place: t('kind of file'),
    similarity: t('similarity'),
    'identical copies': t('identical copies'),
    'Back to the search': t('Back to the search'),
  };
}
