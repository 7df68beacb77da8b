-- What somebody did, newest first, without reading what everybody else did in between. Without the project: a caller mostly acts in one,
-- and whoever is of the system reads their project's entries and the system's in one order.
create index audit_log_of_subject on audit_log (subject, id);
