import type { IExecuteFunctions } from 'n8n-workflow';

import { executionEndsAt } from '../../../../nodes/HiApi/n8n/waitingQuestion';

const NOW = 1_800_000_000_000;

const context = (executionTimeout?: unknown, additionalData?: object, starts: number[] = []) =>
	({
		getWorkflowSettings: () => ({ executionTimeout }),
		...(additionalData && { additionalData }),
		runExecutionData: {
			resultData: {
				runData: Object.fromEntries(starts.map((startTime, node) => [node, [{ startTime }]])),
			},
		},
	}) as unknown as IExecuteFunctions;

it.each([
	['the workflow sets none', context(), undefined],
	['the workflow switches it off', context(-1), undefined],
	['the workflow sets 600 s', context(600), NOW + 600_000],
	['n8n tells when', context(600, { executionTimeoutTimestamp: NOW + 5 }), NOW + 5],
	['n8n has a general limit', context(undefined, { executionTimeoutTimestamp: NOW + 5 }), NOW + 5],
	['it began a while ago', context(600, undefined, [NOW - 100, NOW - 60_000]), NOW + 540_000],
	[
		'it went on after a first wait, and n8n counts from then',
		context(600, { executionTimeoutTimestamp: NOW + 600_000 }, [NOW - 60_000]),
		NOW + 540_000,
	],
	['n8n tells nothing', context(600, { executionTimeoutTimestamp: undefined }), NOW + 600_000],
])('%s', (_name, given, expected) => {
	expect(executionEndsAt(given, NOW)).toBe(expected);
});
