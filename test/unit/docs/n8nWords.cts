/** What n8n itself calls things; README.md and docs may have these in bold besides the names of the panels. */
export const N8N_WORDS: ReadonlySet<string> = new Set([
	'Community nodes',
	'Continue (using error output)',
	'Continue On Fail',
	'Fetch test event',
	'Install',
	'More from the community',
	'On Error',
	'Poll Times',
	'Retry',
	'Retry On Fail',
	'Settings',
	'Stop and Error',
]);
