"""What a Lambda function's package holds, and how it is put together.

Run by `sam build` through the makefiles beside this file, on the Python that the Lambda runs: the
bytecode is for that version alone. Needs nothing but the standard library and pip, save `settling`,
which is for the template beside the packages and runs after `sam build`.
"""
