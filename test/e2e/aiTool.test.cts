import { itemsOf } from '../../scripts/n8n/runData.cts';
import { lacks } from './support/abilities.cts';
import { AGENT, IN_LINE_VERSION, NEWEST_VERSION, useAgent } from './support/agentLab.cts';
import { useLab } from './support/lab.cts';
import { HIAPI, START } from './support/workflows.cts';

const lab = useLab();
const agent = useAgent(lab);

// Where a failed tool would end the workflow, the node has to say itself that it goes on.
const settings = lacks('agentsToldOfFailures') ? { onError: 'continueRegularOutput' } : {};
const runAgent = async () =>
	await lab.run(await agent.workflow({ typeVersion: NEWEST_VERSION, settings }));

describe('as a tool of an AI agent', () => {
	lab.test('fills in the prompt, buys one task and hands the agent its link', async () => {
		const execution = await runAgent();
		expect(execution.status).toBe('success');
		const tool = agent.model().requests[0].tools?.[0].function;
		expect(tool?.parameters.properties).toHaveProperty('prompt');
		expect(tool?.description).toMatch(/Every call creates a new task and costs money/);
		expect(lab.simulator.tasks.map(({ prompt }) => prompt)).toEqual(['a lighthouse in the rain']);
		expect(agent.toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(agent.toolResult()).toContain(lab.simulator.origin);
		expect(itemsOf(execution.data, AGENT)[0].json).toMatchObject({
			output: 'Here is your picture.',
		});
	});

	lab.test("buys one task although HiAPI's answers are lost", async () => {
		lab.simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			times: 2,
			action: { type: 'drop', when: 'after' },
		});
		const execution = await runAgent();
		expect(execution.status).toBe('success');
		expect(agent.toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test('tells the agent why a task failed instead of ending the workflow', async () => {
		lab.simulator.plan({
			outcome: 'fail',
			error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
		});
		const execution = await runAgent();
		expect(execution.status).toBe('success');
		expect(agent.toolResult()).toContain('upstream rejected the prompt');
		expect(lab.simulator.purchases).toBe(1);
	});
});

const PHOTO = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]).toString('base64');

describe('"change this photo"', () => {
	for (const typeVersion of new Set([NEWEST_VERSION, IN_LINE_VERSION])) {
		lab.test(
			`AI Agent ${typeVersion}: an expression gives the tool the photo of the chat`,
			async () => {
				const workflow = await agent.workflow({
					typeVersion,
					parameters: {
						model: { __rl: true, mode: 'id', value: 'gpt-image-2/image-to-image' },
						inputFiles: {
							file: [
								{ field: 'input_urls', binaryField: `={{ $('${START}').first().binary.photo }}` },
							],
						},
					},
				});
				const photo = { mimeType: 'application/octet-stream', data: PHOTO, fileName: 'photo' };
				const execution = await lab.run({
					...workflow,
					pinData: { [START]: [{ json: {}, binary: { photo } }] },
				});
				expect(execution.status).toBe('success');
				expect(lab.simulator.tasks.map(({ input }) => input)).toEqual([
					{ prompt: 'a lighthouse in the rain', input_urls: [`data:image/png;base64,${PHOTO}`] },
				]);
				expect(agent.toolResult()).toContain(lab.simulator.tasks[0].taskId);
				expect(agent.toolResult()).not.toContain(PHOTO);
			},
		);
	}
});

describe('two tools of one agent', () => {
	/** The agent with a copy of the tool; n8n tells the agent of tools by their names. */
	const withTwo = async (names: [string, string]) => {
		const workflow = await agent.workflow({ typeVersion: NEWEST_VERSION });
		const [tool] = workflow.nodes.filter(({ name }) => name === HIAPI);
		const { [HIAPI]: link, ...connections } = workflow.connections;
		return {
			...workflow,
			nodes: [
				...workflow.nodes.filter(({ name }) => name !== HIAPI),
				...names.map((name) => ({ ...tool, id: name, name })),
			],
			connections: { ...connections, [names[0]]: link, [names[1]]: link },
		};
	};

	lab.test('with Latin names of their own are both there, and one is called', async () => {
		const execution = await lab.run(await withTwo(['Make_Image', 'Make_Video']));
		expect(execution.status).toBe('success');
		const offered = agent.model().requests[0].tools?.map((tool) => tool.function.name);
		expect(offered?.sort()).toEqual(['Make_Image', 'Make_Video']);
		expect(lab.simulator.purchases).toBe(1);
	});
});
