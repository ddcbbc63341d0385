import { COST_MUTANTS } from './costs.cts';
import { DOWNLOAD_MUTANTS, POLLING_MUTANTS } from './downloadsAndPolling.cts';
import type { Mutant } from './mutant.cts';
import { CREATE_MUTANTS } from './creates.cts';
import { REQUEST_MUTANTS } from './requests.cts';
import { SETTINGS_MUTANTS } from './settings.cts';
import { WAITING_MUTANTS } from './waiting.cts';
import { SUSPENSION_MUTANTS, WEBHOOK_MUTANTS } from './webhooks.cts';

export type { Mutant, NoticedBy } from './mutant.cts';

/** Every place in the package that `npm run test:mutants` breaks, to see that a test notices. */
export const MUTANTS: Mutant[] = [
	...WEBHOOK_MUTANTS,
	...SUSPENSION_MUTANTS,
	...REQUEST_MUTANTS,
	...SETTINGS_MUTANTS,
	...CREATE_MUTANTS,
	...WAITING_MUTANTS,
	...COST_MUTANTS,
	...DOWNLOAD_MUTANTS,
	...POLLING_MUTANTS,
];
