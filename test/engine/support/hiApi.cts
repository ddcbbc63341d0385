import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import {
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../../simulator/index.cts';

export type { Simulator } from '../../../simulator/index.cts';

const running: Simulator[] = [];

/** A simulator of its own for one test; `stopSimulators` ends them all. */
export async function newSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const simulator = await startSimulator({ taskSeconds: 0.2, ...options });
	running.push(simulator);
	return simulator;
}

export async function stopSimulators(): Promise<void> {
	await Promise.all(running.splice(0).map(async (simulator) => await simulator.close()));
}

/** The credential for a simulator, as a user would fill it in. */
export function credentialFor(simulator: Simulator): ICredentialDataDecryptedObject {
	return {
		apiKey: simulator.apiKey,
		baseUrl: simulator.baseUrl,
		webhookSecret: simulator.webhookSecret,
		previousWebhookSecret: '',
	};
}

/** Parameters of Run and Wait for the model that takes anything, without downloads, which cost time in every test. */
export function runAndWait(extra: IDataObject = {}): IDataObject {
	return {
		resource: 'task',
		operation: 'runAndWait',
		model: { __rl: true, mode: 'id', value: 'any-model' },
		prompt: '={{ $json.prompt }}',
		inputMode: 'json',
		input: '{}',
		downloadOutputs: false,
		...extra,
	};
}

/** Items with prompts `p0`, `p1`, … */
export function prompts(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({ prompt: `p${index}` }));
}
