import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What has to stay true, and the tests that fail when it is not. */
export interface Guard {
	/** One plain sentence. */
	guarded: string;
	tests: GuardingTest[];
}

/** A test, or all rows of a `test.each`, by file and title. */
export interface GuardingTest {
	/** Path below `test/`. */
	file: string;
	/** Titles of its groups and of itself, as jest shows them, or as they stand in the file (`%s`, `$name`). */
	levels: string[];
	/** How many rows of a table there have to be at least. */
	rows: number;
}

type TitlesByFile = Record<string, string[]>;

interface FaultMatrix {
	/** Everything that can go wrong at HiAPI or on the way to it. */
	faults: string[];
	/** Every way of running: its file, its group there, and the faults whose tests have another title. */
	ways: Array<{ way: string; file: string; group: string; titles?: Record<string, string> }>;
}

interface GuardFile {
	areas: Array<{ area: string; guards: Array<{ guarded: string; tests: TitlesByFile }> }>;
	faultMatrix: FaultMatrix;
}

const BETWEEN_LEVELS = ' > ';

/** Reads `guards.json`. A title `13 × group > %s` stands for at least 13 rows of that test. */
export function readGuards(path = join(__dirname, 'guards.json')): Guard[] {
	const { areas, faultMatrix } = JSON.parse(readFileSync(path, 'utf8')) as GuardFile;
	const listed = areas.flatMap(({ guards }) =>
		guards.map(({ guarded, tests }) => ({
			guarded,
			tests: Object.entries(tests).flatMap(([file, titles]) =>
				titles.map((title) => guardingTest(file, title)),
			),
		})),
	);
	return [...listed, ...cellsOf(faultMatrix)];
}

/** One guard per fault and way of running. */
function cellsOf({ faults, ways }: FaultMatrix): Guard[] {
	return ways.flatMap(({ way, file, group, titles }) =>
		faults.map((fault) => ({
			guarded: `${way}, with the fault "${fault}": no item is bought twice and no task is lost.`,
			tests: [guardingTest(file, `${group}${BETWEEN_LEVELS}${titles?.[fault] ?? fault}`)],
		})),
	);
}

function guardingTest(file: string, title: string): GuardingTest {
	const rows = /^(\d+) × (.*)$/s.exec(title);
	return {
		file,
		levels: (rows?.[2] ?? title).split(BETWEEN_LEVELS),
		rows: Number(rows?.[1] ?? 1),
	};
}

/** A test as a person reads it. */
export function showTest({ file, levels }: Pick<GuardingTest, 'file' | 'levels'>): string {
	return `${file}: ${levels.join(BETWEEN_LEVELS)}`;
}
