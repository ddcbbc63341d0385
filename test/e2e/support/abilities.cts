import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isN8nFetched, n8nFolder } from '../../../scripts/n8n/runtime.cts';
import { N8N_VERSION } from '../../../scripts/n8n/versions.cts';

/** Where in n8n's `node_modules` it shows whether n8n can do something: the file exists and, if given, holds the text. */
interface Sign {
	words: string;
	file: string;
	text?: string;
}

const SIGNS = {
	agentsOfVersion3: {
		words: 'AI Agent node of version 3',
		file: '@n8n/n8n-nodes-langchain/dist/nodes/agents/Agent/V3',
	},
	agentsThatWait: {
		words: 'AI agents that can be suspended',
		file: 'n8n-core/dist/execution-engine/node-execution-context/execute-context.js',
		text: 'isToolExecution',
	},
	agentsToldOfFailures: {
		words: 'AI agents that are told why a tool failed',
		file: 'n8n-core/dist/execution-engine/workflow-execute.js',
		text: 'aiToolDefaultsToContinue',
	},
	answersOnceStored: {
		words: 'answers to webhooks that wait until the run is stored',
		file: 'n8n/dist/webhooks/webhook-helpers.js',
		text: 'shouldDeferOnReceivedResponse',
	},
	byteOrderMarks: {
		words: 'ear for JSON that starts with a byte order mark',
		file: 'n8n/dist/middlewares/body-parser.js',
		text: 'stripBom',
	},
	detailedFailures: {
		words: 'error output for items that say more than a message',
		file: 'n8n-core/dist/execution-engine/workflow-execute.js',
		text: "['error', 'message', 'details']",
	},
	durableScheduler: {
		words: 'durable scheduler',
		file: '@n8n/config/dist/configs/scheduler.config.js',
		text: 'N8N_SCHEDULER_POLL_TRIGGERS_ENABLED',
	},
	executionsOfRefusedWorkflows: {
		words: 'execution for a workflow it refuses to run',
		file: 'n8n-core/dist/execution-engine/workflow-execute.js',
		text: 'WorkflowHasIssuesError(workflowIssues',
	},
	fileLinks: {
		words: 'links to its files',
		file: 'n8n-core/dist/execution-engine/node-execution-context/utils/binary-helper-functions.js',
		text: 'createBinarySignedUrl',
	},
	filesInDatabase: {
		words: 'database as its usual place for files',
		file: 'n8n-core/dist/binary-data/binary-data.config.js',
		text: "'database' : 'filesystem'",
	},
	resultsOfResumedSubworkflows: {
		words: 'results for the parent of a sub-workflow that was suspended',
		file: 'n8n/dist/workflow-helpers.js',
		text: 'updateParentExecutionWithChildResults',
	},
	identityOfRetries: {
		words: 'token of an execution that its retries keep',
		file: 'n8n-workflow/dist/cjs/run-execution-data-factory.js',
		text: 'generateSecureToken',
	},
	retriesOfStopped: {
		words: 'retry that runs a stopped node again',
		file: 'n8n-core/dist/execution-engine/workflow-execute.js',
		text: 'isExecutionStackNotEmpty',
	},
	searchOfItsPanel: {
		words: 'search of its nodes panel in a package of its own',
		file: '@n8n/utils/dist/search/sublime-search.cjs',
	},
	sessionsOfMcpClients: {
		words: 'MCP Server Trigger that tells its tools whose call it is',
		file: '@n8n/n8n-nodes-langchain/dist/nodes/mcp/McpTrigger/McpTrigger.node.js',
		text: 'exposesRequest',
	},
	stepsFromTheEditor: {
		words: 'partial runs that are told where to stop, as the editor asks for them today',
		file: 'n8n-core/dist/execution-engine/partial-execution-utils/find-start-nodes.js',
		text: 'splitInBatches',
	},
	settableFileLimit: {
		words: 'limit for files in its database that can be set',
		file: 'n8n-core/dist/binary-data/binary-data.config.js',
		text: 'zod_1.z.coerce',
	},
	signedResumeUrls: {
		words: 'tokens in the URLs that resume an execution',
		file: 'n8n/dist/webhooks/waiting-webhooks.js',
		text: 'resumeToken',
	},
	tablesMadeByNodes: {
		words: 'Data Table node that makes tables',
		file: 'n8n-nodes-base/dist/nodes/DataTable/actions/table',
	},
} satisfies Record<string, Sign>;

/** Something not every n8n can do. */
export type Ability = keyof typeof SIGNS;

/** Says that the n8n the tests run with lacks something; undefined when it does not, or has not been fetched yet. */
export function lacks(ability: Ability): string | undefined {
	if (!isN8nFetched()) return undefined;
	const { words, file, text }: Sign = SIGNS[ability];
	const path = join(n8nFolder(), 'node_modules', file);
	const has = existsSync(path) && (text === undefined || readFileSync(path, 'utf8').includes(text));
	return has ? undefined : `n8n ${N8N_VERSION} has no ${words}`;
}
