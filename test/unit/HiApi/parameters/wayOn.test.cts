import { wayOnOf } from '../../../../nodes/HiApi/parameters/wayOn';
import { fakeExecution, NODE, type FakeExecution } from '../generation/create/fakeExecution.cts';

test.each<[string, FakeExecution, string]>([
	['a run that fails', {}, 'retry'],
	['the default of the instance', { mode: 'trigger', workflowSettings: {} }, 'retry'],
	[
		'failed executions are not kept',
		{ mode: 'trigger', workflowSettings: { saveDataErrorExecution: 'none' } },
		'notSaved',
	],
	[
		'manual executions have a setting of their own',
		{ workflowSettings: { saveDataErrorExecution: 'none' } },
		'retry',
	],
	[
		'manual executions are not kept',
		{ workflowSettings: { saveManualExecutions: false } },
		'notSaved',
	],
	['Continue', { continueOnFail: true, onError: 'continueRegularOutput' }, 'continue'],
	['Continue On Fail of older workflows', { continueOnFail: true }, 'continue'],
	['the error output', { continueOnFail: true, onError: 'continueErrorOutput' }, 'errorOutput'],
	[
		'the error output, and nothing is kept',
		{
			continueOnFail: true,
			onError: 'continueErrorOutput',
			mode: 'trigger',
			workflowSettings: { saveDataErrorExecution: 'none' },
		},
		'errorOutput',
	],
	['a sub-workflow', { mode: 'integrated', workflowSettings: {} }, 'called'],
	[
		'a sub-workflow whose failed executions are not kept',
		{ mode: 'integrated', workflowSettings: { saveDataErrorExecution: 'none' } },
		'notSaved',
	],
	['a tool of an agent', { nodeType: `${NODE.type}Tool` }, 'tool'],
])('%s', (_, execution, wayOn) => {
	expect(wayOnOf(fakeExecution(execution))).toBe(wayOn);
});
