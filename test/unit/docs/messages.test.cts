import { DOCUMENTS, plain, readDocument, readMarkdown, type Document } from './markdown.cts';
import {
	addressMessages,
	downloadMessages,
	itemMessages,
	requestMessages,
	storageMessages,
	triggerLines,
} from './spokenMessages.cts';
import { failuresIn, sentencesIn, SOURCES } from './writtenMessages.cts';

interface Documented {
	file: string;
	line: number;
	message: string;
	pattern: RegExp;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The messages in a document's tables; `…` stands for anything. A row in italics is a heading within a table. */
function documented({ file, tables }: Document): Documented[] {
	const rows = tables
		.filter(({ header }) => header[0] === 'Message')
		.flatMap((table) => table.rows);
	return rows
		.filter(({ cells }) => !/^\*[^*]+\*$/.test(cells[0]))
		.map(({ line, cells }) => ({
			file,
			line,
			message: plain(cells[0]),
			pattern: new RegExp(`^${plain(cells[0]).split('…').map(escaped).join('.+')}$`, 's'),
		}));
}

const unheard = (documents: Documented[], spoken: string[]) =>
	documents
		.filter(({ pattern }) => !spoken.some((message) => pattern.test(message)))
		.map(({ file, line, message }) => `${file}:${line}: nothing in the code says "${message}"`);

const [README, TROUBLESHOOTING] = ['README.md', 'docs/troubleshooting.md'].map((file) =>
	documented(readDocument(file)),
);

/** Said by code that runs in n8n's contexts only: read off the source. */
const WRITTEN = [
	'nodes/HiApi/suspended/plan.ts',
	'nodes/HiApi/suspended/receiveResume.ts',
	'nodes/HiApi/resources/storedOutput/delete.ts',
	'nodes/HiApi/resources/task/binaryInputFiles.ts',
	'nodes/HiApi/resources/task/binaryInputLinks.ts',
	'nodes/HiApi/resources/task/downloadOutputs.ts',
	'nodes/HiApi/resources/task/getMany.ts',
	'nodes/HiApi/resources/task/modelInput.ts',
	'nodes/HiApi/resources/task/purchase.ts',
	'nodes/HiApi/resources/task/submission.ts',
	'nodes/HiApiPollingTrigger/poll.ts',
	'nodes/HiApiTrigger/deliver.ts',
	'nodes/HiApiTrigger/once.ts',
	'nodes/HiApiTrigger/receive.ts',
	'nodes/shared/outputs/downloadSettings.ts',
	'nodes/shared/polling/runPoll.ts',
];

async function called(): Promise<string[]> {
	return [
		...requestMessages(),
		...downloadMessages(),
		...storageMessages(),
		...addressMessages(),
		...(await triggerLines()),
		...(await itemMessages()),
	];
}

test('the tables hold what they promise', () => {
	expect(README.length).toBeGreaterThanOrEqual(20);
	expect(TROUBLESHOOTING.length).toBeGreaterThan(90);
	expect(DOCUMENTS).toContain('docs/troubleshooting.md');
});

test.each([
	['README.md', README],
	['docs/troubleshooting.md', TROUBLESHOOTING],
])('every message in %s is one the code says', async (_, rows) => {
	const written = WRITTEN.flatMap((file) => sentencesIn(file)).map(({ text }) => text);
	expect(unheard(rows, [...(await called()), ...written])).toEqual([]);
});

test('most of them come from calls, not from reading the source', async () => {
	const spoken = await called();
	expect(unheard(TROUBLESHOOTING, spoken).length).toBeLessThan(TROUBLESHOOTING.length / 3);
});

test('docs/troubleshooting.md has every message that was called for', async () => {
	const missing = [...new Set(await called())].filter(
		(message) =>
			!TROUBLESHOOTING.some(
				({ pattern, message: row }) => pattern.test(message) || message.startsWith(`${row}: `),
			),
	);
	expect(missing.map((message) => `docs/troubleshooting.md has no row for "${message}"`)).toEqual(
		[],
	);
});

test('docs/troubleshooting.md has every failure that is written in the code', () => {
	const written = SOURCES.flatMap((file) => failuresIn(file)).filter(({ text }) =>
		/\p{L}{2}/u.test(text),
	);
	expect(written.length).toBeGreaterThan(25);
	const missing = written.filter(
		({ text }) => !TROUBLESHOOTING.some(({ pattern }) => pattern.test(text)),
	);
	expect(
		missing.map(
			({ file, line, text }) => `${file}:${line}: docs/troubleshooting.md has no row for "${text}"`,
		),
	).toEqual([]);
});

test('README.md and docs/troubleshooting.md do not contradict each other', () => {
	const unknown = README.filter(
		({ message }) =>
			!TROUBLESHOOTING.some((row) => row.message === message || message === `${row.message}: …`),
	);
	expect(
		unknown.map(
			({ line, message }) => `README.md:${line}: docs/troubleshooting.md has no row "${message}"`,
		),
	).toEqual([]);
});

test('a message nobody says is noticed', () => {
	const rows = documented(
		readMarkdown(
			'P.md',
			'| Message | What |\n|---|---|\n| *A group* | |\n| Task … is `lost` | x |\n| Task … is late | x |\n',
		),
	);
	expect(unheard(rows, ['Task tk-1 is lost'])).toEqual([
		'P.md:5: nothing in the code says "Task … is late"',
	]);
	expect(sentencesIn('a.ts', 'const a = `Task ${id} is ${how}`; const b = "word";')).toEqual([
		{ file: 'a.ts', line: 1, text: 'Task … is …' },
	]);
	expect(
		failuresIn('a.ts', "throw new HiApiFailure('No luck', 'Try again.');\nthrow new Error('x y');"),
	).toEqual([{ file: 'a.ts', line: 1, text: 'No luck' }]);
});
