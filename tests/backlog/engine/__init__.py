"""Step Functions on this machine: as much of it as `statemachines/backlog.asl.json` uses.

moto has an interpreter of its own, which knows no ItemBatcher, no inventories, no result files but
an empty manifest, one page of a listing, and no way to go on with what was stopped (moto 5.2). So
this one runs the very file that is deployed, on buckets behind real HTTP and functions in processes
of their own. It follows AWS's developer guide and the States Language's specification
(states-language.net); what it doesn't know it refuses, and never passes over.

What is as AWS has it: Pass, Choice (IsPresent, BooleanEquals), Task (lambda:invoke), Succeed, Fail
and distributed Map; retries and catchers; listings and inventories as items; batches by number and
bytes; bounded concurrency; tolerated failures; result files and their manifest; the limit of 256
KiB; stopping, and redriving what had not succeeded, children under their old names.

What is not: histories, time-outs, JSONata, permissions, billing. A redrive writes the result
files of the whole run anew: AWS's guide does not say whether it does, and the summary must do with
either. Waiting may be shortened.
"""
