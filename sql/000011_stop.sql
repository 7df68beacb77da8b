-- Instances that are stopped, and started again: all that they have stays, their server does not run.

-- A new value changes no row: nothing is scanned, and nobody who reads or writes instances is waited for.
alter type instance_state add value 'stopping' after 'running';
alter type instance_state add value 'stopped' after 'stopping';
alter type instance_state add value 'starting' after 'stopped';
