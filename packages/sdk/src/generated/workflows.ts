// Generated from the API by "npm run generate". Do not edit.

/** The steps of each kind of operation, in order. */
export interface WorkflowSteps {
  'create-instance': 'reserve' | 'deploy' | 'await-ready' | 'verify' | 'mark-running'
  'delete-instance': 'mark-deleting' | 'remove' | 'verify-gone' | 'mark-deleted'
  'remove-leftovers': 'remove' | 'verify-gone'
  'start-instance': 'mark-starting' | 'start' | 'await-ready' | 'verify' | 'mark-running'
  'stop-instance': 'mark-stopping' | 'stop' | 'verify-stopped' | 'mark-stopped'
}
