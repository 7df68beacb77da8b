-- How long what an event tells of took: between two events there are pauses, polls and waits for a worker as well.
alter table operation_events add column took_ms real;
comment on column operation_events.took_ms is
  'milliseconds of the execution, of the step or of its undo, that ended with this event; null where none did';
