"""What a Lambda function's package holds, and how it is put together.

Run by `sam build` through the makefiles beside this file, on the Python that the Lambda runs: the
bytecode is for that version alone. The makefiles give it an environment of its own, with a compiler
(requirements/package.txt). `slimming` needs nothing but the standard library: the container's build
runs it, too. `settling` is for the template beside the packages, and runs after `sam build`.
"""
