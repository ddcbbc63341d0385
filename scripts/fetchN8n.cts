/* `npm run fetch:n8n`: fetches the Node and the n8n that end-to-end tests and demo run, unless they are there already. */
import { cacheFolder } from './n8n/cacheFolder.cts';
import { ensureN8n } from './n8n/runtime.cts';
import { N8N_VERSION } from './n8n/versions.cts';

ensureN8n().then(
	() => console.log(`n8n ${N8N_VERSION} is ready in ${cacheFolder()}`),
	(error: Error) => {
		console.error(`\n${error.message}`);
		process.exitCode = 1;
	},
);
