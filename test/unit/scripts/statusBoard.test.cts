import { StatusBoard, taskTable } from '../../../scripts/demo/statusBoard.cts';

const task = (status: string, seconds: number, taskId = 'tk-1') => ({
	taskId,
	model: 'm',
	status,
	seconds,
});

function boardOn(isTTY: boolean) {
	const written: string[] = [];
	const output = {
		isTTY,
		write: (text: string) => written.push(text) > 0,
	} as unknown as NodeJS.WriteStream;
	return { written, board: new StatusBoard(output) };
}

test('a table with a line per task', () => {
	expect(taskTable([task('queued', 0.44), task('success', 12, 'tk-long')])).toEqual([
		'  task     model  status   seconds',
		'  tk-1     m      queued   0.4',
		'  tk-long  m      success  12.0',
	]);
});

test('elsewhere than in a terminal each status is told once', () => {
	const { board, written } = boardOn(false);
	for (const [status, seconds] of [
		['queued', 0],
		['queued', 1],
		['success', 2],
	] as const)
		board.show([task(status, seconds)]);
	expect(written).toEqual([
		'     0.0 s  task tk-1  (m)  queued\n',
		'     2.0 s  task tk-1  success\n',
	]);
});

test('in a terminal the table is drawn over the last one', () => {
	const { board, written } = boardOn(true);
	board.show([]);
	expect(written).toEqual([]);
	board.show([task('queued', 0)]);
	board.show([task('success', 2)]);
	expect(written.filter((text) => text.includes('tk-1'))).toHaveLength(2);
	expect(written).toContain('\u001b[2A');
});
