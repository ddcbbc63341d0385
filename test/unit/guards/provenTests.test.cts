import { proofOf, ranTests } from '../../guards/provenTests.cts';

const ran = ranTests(
	JSON.stringify({
		testResults: [
			{
				name: '/home/me/test/project/test/unit/a.test.cts',
				assertionResults: [
					{ ancestorTitles: ['group'], title: 'one', status: 'passed' },
					{ ancestorTitles: ['group'], title: 'row 1', status: 'passed' },
					{ ancestorTitles: ['group'], title: 'row 2', status: 'passed' },
					{ ancestorTitles: ['group'], title: 'bad 1', status: 'passed' },
					{ ancestorTitles: ['group'], title: 'bad 2', status: 'failed' },
					{ ancestorTitles: [], title: 'not here', status: 'pending' },
				],
			},
			{
				name: 'C:\\project\\test\\e2e\\queue.test.cts',
				assertionResults: [
					{ ancestorTitles: [], title: 'queue mode: Redis is not installed', status: 'pending' },
					{ ancestorTitles: ['files'], title: 'in the database (n8n 2.42)', status: 'pending' },
				],
			},
		],
	}),
);

test.each([
	['unit/a.test.cts', 'group > one', 1, 'passed'],
	['unit/a.test.cts', 'group > One', 1, 'missing'],
	['unit/a.test.cts', 'group > row %i', 2, 'passed'],
	['unit/a.test.cts', 'group > row $name', 2, 'passed'],
	['unit/a.test.cts', 'group > row ${1}', 3, 'missing'],
	['unit/a.test.cts', 'group > bad %s', 1, 'failed'],
	['unit/a.test.cts', 'not here', 1, 'leftOut'],
	['e2e/queue.test.cts', 'queue mode > callbacks > resume it', 1, 'leftOut'],
	['e2e/queue.test.cts', 'files > in the database', 1, 'leftOut'],
	['e2e/queue.test.cts', 'files > on disk', 1, 'missing'],
	['e2e/queue.test.cts', 'queue > callbacks', 1, 'missing'],
	['unit/b.test.cts', 'group > one', 1, 'missing'],
])('%s: %s, %i times: %s', (file, title, rows, proof) => {
	expect(proofOf({ file, levels: title.split(' > '), rows }, ran)).toBe(proof);
});
