import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { KEY_LIFETIME_MS, LONGEST_KEY_BYTES } from '../../../nodes/shared/api/idempotency';
import { POLLING_LIMITS } from '../../../nodes/shared/polling/limits';
import { DEFAULT_WINDOW_SECONDS } from '../../../nodes/shared/webhook/signature';
import { DOCUMENTS, readDocument, readMarkdown, ROOT, type Document } from './markdown.cts';
import { SCOPES } from './panel.cts';

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8').replace(/\s+/g, ' ');
const standards = new Map<string, Set<string>>();
for (const { name, standard } of SCOPES.flatMap(({ facts }) => facts))
	standards.set(name, (standards.get(name) ?? new Set()).add(standard));

/** Numbers behind a bold name, as in "**Timeout** (30 minutes)", that are not the default of what has that name. */
const wrongNumbers = ({ file, text }: Document) =>
	text
		.split('\n')
		.flatMap((line, index) =>
			[...line.matchAll(/\*\*([^*]+)\*\* \((\d+)/g)]
				.filter(([, name, number]) => standards.get(name)?.has(number) !== true)
				.map(
					([, name, number]) =>
						`${file}:${index + 1}: the default of '${name}' is not ${number} but ${[...(standards.get(name) ?? [])].join(' or ')}`,
				),
		);

test.each(DOCUMENTS)('numbers behind names in %s are their defaults', (file) =>
	expect(wrongNumbers(readDocument(file))).toEqual([]),
);

test('a wrong number is noticed', () => {
	expect(
		wrongNumbers(readMarkdown('P.md', '**Timeout (Minutes)** (30)\n**Timeout (Minutes)** (20)')),
	).toEqual(["P.md:2: the default of 'Timeout (Minutes)' is not 20 but 30"]);
	expect(
		['README.md', 'docs/waiting.md'].flatMap((file) => [
			...readDocument(file).text.matchAll(/\*\*[^*]+\*\* \(\d/g),
		]).length,
	).toBeGreaterThan(2);
});

const { overlapSeconds, pendingSeconds, mostPending, pagesPerPoll, lookUpsPerPoll } =
	POLLING_LIMITS;

test.each([
	[
		'README.md',
		`appears in HiAPI's list within ${overlapSeconds / 60} minutes of its creation and finishes within ${pendingSeconds / 86_400} days`,
	],
	['README.md', `at most ${mostPending.toLocaleString('en')} tasks are unfinished at a time`],
	[
		'README.md',
		`One request per poll while little happens, ${pagesPerPoll + lookUpsPerPoll} at most.`,
	],
	['README.md', `at most ${DEFAULT_WINDOW_SECONDS} seconds old`],
	['README.md', `more than ${KEY_LIFETIME_MS / 3_600_000} hours ago`],
	[
		'docs/security.md',
		`The timestamp may be ${DEFAULT_WINDOW_SECONDS} seconds from this machine's time`,
	],
	['docs/troubleshooting.md', `longer than ${LONGEST_KEY_BYTES} bytes`],
])('%s says: %s', (file, sentence) => expect(textOf(file)).toContain(sentence));

test('what README.md says was measured stands in the benchmarks', () => {
	const [measured] = /100 tasks of .+? \(\[measured\]/.exec(textOf('README.md')) as RegExpExecArray;
	const [, gets, times, percent] =
		/take ([\d.]+) status requests per task, (\d+) times fewer .+ end (\d+) % after/.exec(
			measured,
		) as RegExpExecArray;
	const benchmarks = textOf('benchmarks/README.md');
	expect(benchmarks).toMatch(
		new RegExp(`\\| GETs per task, 100 tasks \\| ${gets} \\|[^|]+\\| \\*\\*${times} × fewer\\*\\*`),
	);
	expect(benchmarks).toMatch(
		new RegExp(`\\| wall time, 100 tasks \\|[^|]+\\|[^|]+\\| \\*\\*1\\.0${percent}\\*\\*`),
	);
});
