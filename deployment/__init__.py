"""`make deploy`, `make destroy`, `make status` and `make logs`: a stack in an operator's hands.

Runs on an operator's machine, with boto3 and sam from sam's environment. Each command may be broken
off at any time, and given again: it finds out from AWS what is still to do.
"""
