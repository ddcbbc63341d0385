import { runInEngine } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
} from './support/hiApi.cts';

afterAll(stopSimulators);

// n8n stores the static data of a workflow as one object, as it was when the run began: the place of every polling trigger in
// that workflow goes back with it, and old items start again.
test.each([
	['a run that waits', runAndWait()],
	['a run that is suspended', runAndWait({ waitBy: 'callback', options: { grace: 0 } })],
	['a run that only creates', runAndWait({ operation: 'create' })],
])(
	'%s leaves the place of the polling triggers in its workflow alone',
	async (_name, parameters) => {
		const simulator = await newSimulator();
		const { savedStaticData, run } = await runInEngine({
			credential: credentialFor(simulator),
			parameters,
			items: prompts(3),
			staticData: { 'node:Gmail Trigger': { lastTimeChecked: 1 } },
		});
		expect(run.data.resultData.error).toBeUndefined();
		expect(simulator.purchases).toBe(3);
		expect(savedStaticData).toBeUndefined();
	},
);
