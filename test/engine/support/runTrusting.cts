import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { BinaryStorage } from './binaryStorage.cts';
import { runInEngine } from './engine.cts';
import { prompts, runAndWait } from './hiApi.cts';

/*
 * Runs Run and Wait once in a process of its own, because Node.js reads NODE_EXTRA_CA_CERTS only when it starts. The
 * credential is the first argument; the result is one line of JSON.
 */
async function main(): Promise<void> {
	const storage = await BinaryStorage.open();
	const { json, outputs, error } = await runInEngine({
		credential: JSON.parse(process.argv[2]) as ICredentialDataDecryptedObject,
		parameters: runAndWait({ downloadOutputs: true }),
		items: prompts(1),
	});
	const binary = Object.values(outputs[0]?.[0]?.binary ?? {})[0];
	process.stdout.write(
		`${JSON.stringify({ json: json[0], mimeType: binary?.mimeType, error: error?.message })}\n`,
	);
	storage.close();
	process.exit(0);
}

void main();
