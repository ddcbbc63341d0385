import { fullTask, parseTask, simplifyTask, type Task } from '../../../../../nodes/shared/api/task';
import { carriedTask } from '../../../../../nodes/HiApi/generation/items/carriedTask';

const SOURCE = {
	taskId: 'tk-1',
	model: 'm',
	status: 'success',
	created: 1_777_282_033,
	completed: 1_777_282_099,
	output: [{ url: 'https://cdn.hiapi.ai/0.png', type: 'image', expireAt: 1_777_886_899 }],
};
const task = parseTask(SOURCE) as Task;

test.each([
	['simplified', simplifyTask(task)],
	[
		'with fields of the download',
		{
			...simplifyTask(task),
			outputs: [{ ...task.outputs[0], binaryField: 'data' }],
			downloadFailures: [],
		},
	],
	['raw', fullTask(task)],
])('a task an item carries is read back: %s', (_, json) => {
	const { source, ...read } = carriedTask(json, 'tk-1') as Task;
	const { source: sent, ...expected } = task;
	expect(read).toEqual(expected);
	expect(source).not.toBe(sent);
});

test.each<[string, unknown]>([
	['nothing', undefined],
	['an item of another task', { ...simplifyTask(task), taskId: 'tk-2' }],
	['an item of Create', { taskId: 'tk-1', model: 'm' }],
	['a task without outputs', { ...SOURCE, output: [] }],
	['outputs that are none', { taskId: 'tk-1', outputs: ['x', null, {}] }],
])('%s gives none', (_, json) => expect(carriedTask(json, 'tk-1')).toBeUndefined());
