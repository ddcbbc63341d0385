import { isInlineTool, showHint } from '../../../nodes/shared/n8nCompat';

type ToolContext = Parameters<typeof isInlineTool>[0];
type HintContext = Parameters<typeof showHint>[0];

const context = (type: string, isToolExecution?: () => boolean) =>
	({
		getNode: () => ({ type }),
		...(isToolExecution && { isToolExecution }),
	}) as unknown as ToolContext;

test.each([
	['a node of the workflow', context('n8n-nodes-hiapi.hiApi', () => false), false],
	['a tool that n8n runs as a node', context('n8n-nodes-hiapi.hiApiTool', () => false), false],
	['a tool that an agent runs', context('n8n-nodes-hiapi.hiApiTool', () => true), true],
	['a node in an n8n that does not say', context('n8n-nodes-hiapi.hiApi'), false],
	['a tool in an n8n that does not say', context('n8n-nodes-hiapi.hiApiTool'), true],
])('%s', (_, given, inline) => expect(isInlineTool(given)).toBe(inline));

test('n8n is asked with its own context', () => {
	const asked = {
		inline: true,
		getNode: () => ({ type: 'x' }),
		isToolExecution(this: { inline: boolean }) {
			return this.inline;
		},
	};
	expect(isInlineTool(asked as unknown as ToolContext)).toBe(true);
});

test('a hint is shown in the output pane', () => {
	const shown: unknown[] = [];
	showHint(
		{ getNode: jest.fn(), addExecutionHints: (hint) => shown.push(hint) },
		'1 HiAPI task: 1 succeeded',
		'info',
	);
	expect(shown).toEqual([
		{ message: '1 HiAPI task: 1 succeeded', type: 'info', location: 'outputPane' },
	]);
});

test('where n8n has no place for hints, a result is not lost with one', () => {
	const none = { getNode: jest.fn() } as HintContext;
	expect(() => showHint(none, '1 HiAPI task: 1 succeeded', 'info')).not.toThrow();
});
