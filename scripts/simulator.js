/* `npm run simulator`, in a fresh clone, too. */
const { startWithPackages } = require('./startWithPackages.js');

void startWithPackages(() => require('../simulator/main.cts'));
