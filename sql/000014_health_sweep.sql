-- Lost checks are looked for by the interval of their instances: those of a few that are checked often cost no look at all the others.
create index instances_checked_every on instances (health_check_interval_s) where state = 'running';
