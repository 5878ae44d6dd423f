// n8n reads the nodes and credentials from package.json ("n8n"); nothing is exported here.
module.exports = {};
