import type { Execution, Workflow, WorkflowDefinition } from '../../scripts/n8n/client.cts';
import { useLab } from './support/lab.cts';
import { HIAPI, hiApiNode, NEXT, node, runAndWait, START } from './support/workflows.cts';

const lab = useLab();

const LOOP = 'Loop Over Items';
const to = (name: string) => ({ node: name, type: 'main', index: 0 });

/** Start → Loop Over Items ⇄ HiAPI, and Next behind the loop. */
function loopOver(rows: string[], options: Record<string, unknown>): WorkflowDefinition {
	return {
		name: 'loop',
		nodes: [
			node(START, 'n8n-nodes-base.manualTrigger'),
			node(LOOP, 'n8n-nodes-base.splitInBatches', { options: {} }, { typeVersion: 3 }),
			hiApiNode(
				lab.credential,
				runAndWait('={{ $json.row }}', options, { downloadOutputs: false }),
			),
			node(NEXT, 'n8n-nodes-base.noOp'),
		],
		connections: {
			[START]: { main: [[to(LOOP)]] },
			[LOOP]: { main: [[to(NEXT)], [to(HIAPI)]] },
			[HIAPI]: { main: [[to(LOOP)]] },
		},
		pinData: { [START]: rows.map((row) => ({ json: { row } })) },
		settings: {},
	};
}

/** "Execute step" of a node, in the editor that shows an earlier execution; `changed`: nodes that were edited since. */
async function executeStep(
	workflow: Workflow,
	shown: Execution,
	nodeName: string,
	changed: string[] = [],
): Promise<Execution> {
	const { executionId } = await lab.n8n.rest<{ executionId: string }>(
		'POST',
		`/workflows/${workflow.id}/run`,
		{
			workflowData: workflow,
			runData: shown.data.resultData.runData,
			destinationNode: { nodeName, mode: 'inclusive' },
			dirtyNodeNames: changed,
			startNodes: [],
		},
	);
	return await lab.n8n.untilExecution(executionId);
}

// docs/build-without-paying.md, section Loops
describe('a step behind a loop, executed in the editor', () => {
	const ROWS = ['a lake', 'a hill'];
	const KEY_OF_ROW = { idempotencyKey: '=build-{{ $json.row }}' };

	interface Case {
		options: Record<string, unknown>;
		/** Whether the task of the second batch fails, once. */
		secondFails?: boolean;
		/** Nodes edited after the whole run. */
		changed?: string[];
	}

	/** Runs the whole loop, then the step behind it: status and purchases so far of both. */
	async function run({ options, secondFails, changed }: Case) {
		const workflow = await lab.n8n.createWorkflow(loopOver(ROWS, options));
		if (secondFails) lab.simulator.plan({ outcome: 'fail' }, { prompt: ROWS[1] });
		const whole = await lab.n8n.untilExecution(await lab.n8n.runManually(workflow, START));
		const bought = lab.simulator.purchases;
		const step = await executeStep(workflow, whole, NEXT, changed);
		return [whole.status, bought, step.status, lab.simulator.purchases];
	}

	lab.testWhere('stepsFromTheEditor', 'runs alone behind a loop that ended well', async () => {
		expect(await run({ options: {} })).toEqual(['success', 2, 'success', 2]);
	});

	lab.testWhere('stepsFromTheEditor', 'buys the whole loop again when a batch failed', async () => {
		expect(await run({ options: {}, secondFails: true })).toEqual(['error', 2, 'success', 4]);
	});

	lab.testWhere('stepsFromTheEditor', 'and when a node in it was edited', async () => {
		expect(await run({ options: {}, changed: [HIAPI] })).toEqual(['success', 2, 'success', 4]);
	});

	lab.testWhere('stepsFromTheEditor', 'buys nothing again with the key of a row', async () => {
		const edited = await run({ options: KEY_OF_ROW, changed: [HIAPI] });
		expect(edited).toEqual(['success', 2, 'success', 2]);
	});

	lab.testWhere('stepsFromTheEditor', 'a task that failed keeps its key', async () => {
		const failed = await run({ options: KEY_OF_ROW, secondFails: true });
		expect(failed).toEqual(['error', 2, 'error', 2]);
	});
});
