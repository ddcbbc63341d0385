import { readDocument, readMarkdown, type Document } from '../../../scripts/docs/markdown.cts';
import { failureTexts, sentences } from '../words/sourceTexts.cts';

/** The messages in a document's tables, with `…` for what differs. A row without an explanation is a heading within a table. */
const messagesIn = ({ file, tables }: Document) =>
	tables
		.filter(({ header }) => header[0] === 'Message')
		.flatMap(({ rows }) => rows)
		.filter(({ cells }) => cells[1] !== '')
		.map(({ line, cells }) => ({ place: `${file}:${line}`, text: cells[0] }));

/** How many written letters two texts share when each `…` of either stands for anything; -Infinity when they cannot be the same. */
function commonLetters(a: string, b: string): number {
	const known = new Map<number, number>();
	const from = (i: number, j: number): number => {
		if (i === a.length && j === b.length) return 0;
		const key = i * (b.length + 1) + j;
		let most = known.get(key);
		if (most === undefined) {
			most = -Infinity;
			if (a[i] === '…') most = Math.max(from(i + 1, j), j < b.length ? from(i, j + 1) : most);
			else if (b[j] === '…') most = Math.max(from(i, j + 1), i < a.length ? from(i + 1, j) : most);
			else if (i < a.length && a[i] === b[j]) most = 1 + from(i + 1, j + 1);
			known.set(key, most);
		}
		return most;
	};
	return from(0, 0);
}

/** Whether a text can be the other one, and not only because one of them is all `…`. */
const fits = (text: string, other: string) =>
	commonLetters(text, other) >= text.replaceAll('…', '').length / 2;

const clausesOf = (text: string) => text.split(/: /).filter((clause) => /\p{L}{2}/u.test(clause));

const README = messagesIn(readDocument('README.md'));
const TROUBLESHOOTING = messagesIn(readDocument('docs/troubleshooting.md'));

/** Messages that neither as a whole nor by what stands between their colons are in the source. */
function unsaid(messages: typeof README, said: string[]): string[] {
	const clauses = [...new Set(said.flatMap(clausesOf))];
	return messages
		.filter(({ text }) => !said.some((one) => fits(text, one)))
		.filter(({ text }) =>
			clausesOf(text).some((clause) => !clauses.some((one) => fits(clause, one))),
		)
		.map(({ place, text }) => `${place}: nothing in the code says "${text}"`);
}

test('documented messages are in the code', () => {
	const said = sentences().map(({ text }) => text);
	expect(unsaid([...README, ...TROUBLESHOOTING], said)).toEqual([]);
});

test('docs/troubleshooting.md has every message of a failure', () => {
	const missing = failureTexts().filter(
		({ part, text }) =>
			part === 'message' &&
			clausesOf(text).length > 0 &&
			!TROUBLESHOOTING.some((row) => fits(row.text, text)),
	);
	expect(missing).toEqual([]);
});

test('there is something to compare, and the comparison tells', () => {
	const page = readMarkdown(
		'P.md',
		[
			'| Message | What |',
			'|---|---|',
			'| *A group* | |',
			'| Task … is lost | x |',
			'| Task … is late | x |',
			'| Answered 401: the key is `wrong`. … | x |',
			'| Answered 401: the key is old. … | x |',
		].join('\n'),
	);
	const said = ['Task … is lost', '…: …', 'Answered …: …', 'the key is wrong. …'];
	expect(unsaid(messagesIn(page), said)).toEqual([
		'P.md:5: nothing in the code says "Task … is late"',
		'P.md:7: nothing in the code says "Answered 401: the key is old. …"',
	]);
	expect(README.length).toBeGreaterThan(5);
	expect(TROUBLESHOOTING.length).toBeGreaterThan(90);
	expect(failureTexts().length).toBeGreaterThan(100);
});
