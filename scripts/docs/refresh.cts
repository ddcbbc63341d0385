import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DOCUMENTS, ROOT } from './markdown.cts';
import { misplacedTables, withTables } from './tables.cts';

/** What `npm run docs` would change. */
export interface Refresh {
	/** Documents whose tables are not those of the nodes, with the text they should have. */
	stale: Array<{ file: string; text: string }>;
	/** What only a person can mend: tables without a place. One sentence each. */
	problems: string[];
}

/** Compares the tables in the documents with the nodes. Throws an Error that names the file when a marker is wrong. */
export function refreshDocuments(): Refresh {
	const documents = DOCUMENTS.map((file) => {
		const before = readFileSync(join(ROOT, file), 'utf8');
		try {
			return { file, before, ...withTables(before) };
		} catch (error) {
			throw new Error(`${file}: ${(error as Error).message}`);
		}
	});
	return {
		stale: documents
			.filter(({ before, text }) => before !== text)
			.map(({ file, text }) => ({ file, text })),
		problems: misplacedTables(documents.flatMap(({ ids }) => ids)),
	};
}
