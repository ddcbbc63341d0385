import { decideResume } from '../../../../../nodes/HiApi/generation/suspend/resumeDecision';
import { parseTask, type Task } from '../../../../../nodes/shared/api/task';
import type { Suspension } from '../../../../../nodes/HiApi/generation/suspend/suspensionState';

const task = (taskId: string, status: string, from = 'HiAPI'): Task =>
	parseTask({ taskId, status, model: from })!;
const known = (...tasks: Task[]) => new Map(tasks.map((one) => [one.taskId, one]));
const waitingFor = (...taskIds: string[]): Suspension => ({
	nonce: 'n',
	runIndex: 0,
	places: taskIds.map((taskId, itemIndex) => ({
		itemIndex,
		pending: { taskId, model: 'm', createdMs: 1, simplify: true },
	})),
});
const show = ({ taskId, model }: Task) => ({ taskId, from: model });
const decide = (suspension: Suspension, called: Task, believed: boolean, tasks = known()) =>
	decideResume(suspension, called, believed, tasks, show);

const called = (taskId: string, status = 'success') => task(taskId, status, 'callback');

test('the last task resumes, with what HiAPI shows rather than what the callback says', () => {
	expect(
		decide(waitingFor('a', 'b'), called('b'), true, known(task('a', 'fail'), task('b', 'success'))),
	).toEqual({
		action: 'resume',
		items: [
			{ taskId: 'a', from: 'HiAPI' },
			{ taskId: 'b', from: 'HiAPI' },
		],
	});
});

test.each([[known()], [known(task('a', 'handling'))]])(
	'a believed callback stands in where HiAPI does not show it yet: %#',
	(tasks) => {
		expect(decide(waitingFor('a'), called('a', 'fail'), true, tasks)).toEqual({
			action: 'resume',
			items: [{ taskId: 'a', from: 'callback' }],
		});
	},
);

test.each([[known()], [known(task('a', 'handling'))]])(
	'one that is not believed does not: %#',
	(tasks) => {
		expect(decide(waitingFor('a'), called('a'), false, tasks)).toMatchObject({ action: 'retry' });
	},
);

test('one that is not believed resumes once HiAPI says so itself', () => {
	expect(
		decide(waitingFor('a'), called('a', 'handling'), false, known(task('a', 'success'))),
	).toMatchObject({ action: 'resume' });
});

test('a callback about a running task proves nothing', () => {
	expect(decide(waitingFor('a'), called('a', 'handling'), true)).toMatchObject({ action: 'retry' });
});

test('while others run it stays suspended', () => {
	const verdict = decide(
		waitingFor('a', 'b', 'c'),
		called('a'),
		true,
		known(task('a', 'success'), task('b', 'handling'), task('c', 'queued')),
	);
	expect(verdict).toEqual({ action: 'wait', message: '2 more tasks are running' });
});

test('when HiAPI could not tell about others, the sender is to come again', () => {
	expect(
		decide(waitingFor('a', 'b'), called('a'), true, known(task('a', 'success'))),
	).toMatchObject({ action: 'retry', reason: expect.stringContaining('1 of the tasks') });
	expect(decide(waitingFor('a', 'b'), called('a'), true)).toMatchObject({ action: 'retry' });
});

test('when HiAPI shows an older state than the callback, others may have ended too', () => {
	const tasks = known(task('a', 'handling'), task('b', 'handling'));
	expect(decide(waitingFor('a', 'b'), called('a'), true, tasks)).toMatchObject({
		action: 'retry',
		reason: expect.stringContaining('behind'),
	});
});
