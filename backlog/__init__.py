"""`make backfill`: starts a backlog, follows it, stops it, goes on with it.

Runs on an operator's machine, with boto3 from sam's environment. A backlog is an execution of the
stack's state machine (`statemachines/backlog.asl.json`), which does all of the work, and for which
this need not run: it only asks, and tells.
"""
