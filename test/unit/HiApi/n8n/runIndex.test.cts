import type { IExecuteFunctions } from 'n8n-workflow';

import { runIndexOf } from '../../../../nodes/HiApi/n8n/runIndex';

const NODE = 'HiAPI';

/** `ownRuns`: what the execution has noted of this node's runs so far. */
function contextOf(runIndex: number | undefined, ownRuns?: unknown): IExecuteFunctions {
	return {
		getNode: () => ({ name: NODE }),
		getWorkflowDataProxy: () => ({ $runIndex: runIndex }),
		runExecutionData: { resultData: { runData: { [NODE]: ownRuns, Other: [CRASHED] } } },
	} as unknown as IExecuteFunctions;
}

// as n8n 2.41.1 writes them
const CRASHED = {
	executionIndex: 0,
	executionStatus: 'crashed',
	error: { name: 'NodeCrashedError' },
};
const MADE_UP = {
	executionIndex: 0,
	executionStatus: 'success',
	data: { main: [[{ json: { isArtificialRecoveredEventItem: true } }]] },
};
const REAL = { executionStatus: 'success', data: { main: [[{ json: { taskId: 'tk-1' } }]] } };
const FAILED = { executionStatus: 'error', error: { message: 'no' } };

test.each<[string, number | undefined, unknown, number]>([
	['the first one', 0, undefined, 0],
	['where n8n does not number runs', undefined, undefined, 0],
	['the second one of a loop', 1, [REAL], 1],
	['the one after a failed one', 1, [FAILED], 1],
	['the first one after a crash in it', 1, [CRASHED], 0],
	['the first one after a crash behind it', 1, [MADE_UP], 0],
	['the second one after a crash', 2, [CRASHED, REAL], 1],
	['the third one after a crash', 3, [MADE_UP, REAL, REAL], 2],
	['the first one after a crash that n8n has taken away', 0, [], 0],
	['the first one of the node, after a crash of another one', 0, undefined, 0],
	['one without any items', 1, [{ data: { main: [[]] } }], 1],
	['one without the main output', 1, [{ data: { ai_tool: [[{ json: {} }]] } }], 1],
	['one that is not a list', 1, { 0: CRASHED }, 1],
	['one that is nothing', 1, [null], 1],
])('%s (%s)', (_, index, runs, expected) => {
	expect(runIndexOf(contextOf(index, runs))).toBe(expected);
});

test.each([
	['nothing', undefined],
	['no results', {}],
	['no runs', { resultData: {} }],
])('where n8n tells %s of the execution, its own number counts', (_, runExecutionData) => {
	const context = { ...contextOf(1), runExecutionData } as unknown as IExecuteFunctions;
	expect(runIndexOf(context)).toBe(1);
});
