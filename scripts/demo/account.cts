import { createInterface } from 'node:readline/promises';

import { startSimulator } from '../../simulator/index.cts';
import type { Example } from './examples.cts';

/** The HiAPI that the demo talks to. */
export interface Account {
	/** Values of the credential "HiAPI API". */
	credential: { apiKey: string; baseUrl: string; webhookSecret: string; catalogUrl: string };
	/** True when tasks cost real money. */
	isReal: boolean;
	close: () => Promise<void>;
}

const HIAPI = 'https://api.hiapi.ai/v1';

/**
 * The real HiAPI when HIAPI_API_KEY is set (HIAPI_BASE_URL: another address), else a simulator of it on this machine, with its
 * catalogue, so that models have their fields and prices as in production.
 *
 * @param taskSeconds how long a simulated task takes: long enough to see its status change
 */
export async function openAccount(taskSeconds = 6): Promise<Account> {
	const apiKey = process.env.HIAPI_API_KEY?.trim();
	if (apiKey) {
		const baseUrl =
			(process.env.HIAPI_BASE_URL?.trim() || HIAPI).replace(/\/+$/, '').replace(/\/v1$/, '') +
			'/v1';
		return {
			credential: { apiKey, baseUrl, webhookSecret: '', catalogUrl: '' },
			isReal: true,
			close: async () => {},
		};
	}
	const simulator = await startSimulator({ taskSeconds });
	return {
		credential: {
			apiKey: simulator.apiKey,
			baseUrl: simulator.baseUrl,
			webhookSecret: simulator.webhookSecret,
			catalogUrl: simulator.origin,
		},
		isReal: false,
		close: async () => await simulator.close(),
	};
}

/**
 * Says what a run on the real HiAPI buys and asks for consent: on a terminal by a question, else by the flag `--yes`.
 * Throws when there is none; nothing has been bought then.
 */
export async function askBeforeBuying(
	account: Account,
	examples: Example[],
	saidYes: boolean,
): Promise<void> {
	if (!account.isReal) return;
	console.log(
		`\nHIAPI_API_KEY is set: this run uses the real HiAPI at ${account.credential.baseUrl} and costs money.`,
	);
	console.log(
		'It buys one task for each of these, at the current price of the model (www.hiapi.ai/pricing):',
	);
	for (const { title, purchases } of examples) {
		for (const { model, input, prompt } of purchases)
			console.log(`  ${title}: ${model} ${input} "${prompt}"`);
	}
	if (saidYes) return;
	if (!process.stdin.isTTY) {
		throw new Error(
			'Nothing was bought: there is no terminal to ask on. Add --yes to agree, or unset HIAPI_API_KEY to use the simulator.',
		);
	}
	const question = createInterface({ input: process.stdin, output: process.stdout });
	try {
		const closed = new Promise<string>((resolve) => question.once('close', () => resolve('')));
		const answer = await Promise.race([question.question('Buy them? [y/N] '), closed]);
		if (!/^y(es)?$/i.test(answer.trim()))
			throw new Error(
				'No task was created and nothing was charged. Unset HIAPI_API_KEY to use the simulator.',
			);
	} finally {
		question.close();
	}
}
