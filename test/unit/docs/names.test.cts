import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DOCUMENTS, readDocument, readMarkdown, ROOT, type Document } from './markdown.cts';
import { N8N_WORDS } from './n8nWords.cts';
import { NAMES } from './panel.cts';

const EXAMPLES = join(ROOT, 'examples');

/** Names of the example workflows and of the nodes in them. */
const exampleNames = new Set(
	readdirSync(EXAMPLES)
		.filter((name) => name.endsWith('.json'))
		.map(
			(name) =>
				JSON.parse(readFileSync(join(EXAMPLES, name), 'utf8')) as {
					name: string;
					nodes: Array<{ name: string }>;
				},
		)
		.flatMap(({ name, nodes }) => [name, ...nodes.map((node) => node.name)]),
);

const unknownNames = ({ file, bold }: Document) =>
	bold
		.filter(({ text }) => !NAMES.has(text) && !N8N_WORDS.has(text) && !exampleNames.has(text))
		.map(
			({ line, text }) =>
				`${file}:${line}: no panel has '${text}'. Bold is for names; correct it, use plain text, or add it to test/unit/docs/n8nWords.cts if n8n calls it so.`,
		);

test.each(DOCUMENTS)(
	'in %s bold names are those of the panels, of n8n and of the examples',
	(file) => expect(unknownNames(readDocument(file))).toEqual([]),
);

test('an invented name is noticed, in code it is not one', () => {
	expect(
		unknownNames(readMarkdown('P.md', 'Set **Wait By**,\nthen **Wait For** and `**x**`.')),
	).toEqual([expect.stringContaining("P.md:2: no panel has 'Wait For'")]);
});

test('the panels have the names the page is about', () => {
	for (const name of [
		'HiAPI API',
		'HiAPI Polling Trigger',
		'Stored Output',
		'Run and Wait',
		'Wait By',
		'None (Dangerous)',
		'Send As',
		'From List',
		'Tool Description',
	])
		expect(NAMES).toContain(name);
});
