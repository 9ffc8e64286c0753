# Every command of the project. `make help` lists them: one comment line each.
#
# Needs make and Python 3.11 or later, and npm to check the page's scripts; everything else goes into
# environments in this folder.
#   PYTHON=python3.12    the interpreter to make them with

HOST ?= 127.0.0.1
PORT ?= 8000
DATA_FOLDER ?= data
LOCAL_PORT := $(if $(filter command line environment,$(origin PORT)),$(PORT),3000)

# What the Lambda and the laptop run on: `sam local` can run no other processor's package.
ARCHITECTURE ?= $(if $(filter arm64 aarch64,$(shell uname -m)),arm64,x86_64)
# Where `sam deploy` looks. `make local` has a folder of its own, so as not to change what it finds.
BUILD_FOLDER ?= .aws-sam/build
LOCAL_BUILD := .aws-sam/local

VENV := .venv
STACK_VENV := .venv-stack
CHECKOV_VENV := .venv-checkov
LOAD_VENV := .venv-load
LOCK_VENV := .venv-lock
PACKAGE_VENV := .venv-package
BENCH_VENV := .venv-bench
python := $(VENV)/bin/python
# By its module or its path: a script's first line still names the folder that it was made in.
sam := $(STACK_VENV)/bin/python -m samcli
cfn_lint := $(STACK_VENV)/bin/python $(STACK_VENV)/bin/cfn-lint
checkov := CKV_SKIP_PACKAGE_UPDATE_CHECK=TRUE $(CHECKOV_VENV)/bin/python -m checkov.main
install := sh requirements/install.sh
install_node := sh requirements/install-node.sh

# Drawings in C++, where there is a compiler: CXX= names one. The answers are the same without.
drawing := functions/recognition/libdrawing.so
compiler := $(if $(filter default,$(origin CXX)),c++,$(CXX))

export PYTHON
export SAM_CLI_TELEMETRY ?= 0

.DEFAULT_GOAL := help
.PHONY: help run test quick lint format model build local backfill deploy destroy status logs container load bench costs requirements clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

$(drawing): functions/recognition/drawing.cpp
	@if command -v "$(firstword $(compiler))" >/dev/null; then \
	  $(compiler) -std=c++20 -O3 -ffp-contract=off -fvisibility=hidden -fPIC -shared -o $@ $<; \
	else rm -f $@; \
	  echo "Without a C++ compiler a drawing takes twice as long to read. The answers are the same."; \
	fi

run: $(drawing) ## Serve page and API on this machine: PORT=8000 HOST=127.0.0.1 DATA_FOLDER=data
	@$(install) $(VENV) local
	@exec $(python) functions/local_server.py --host "$(HOST)" --port "$(PORT)" --data "$(DATA_FOLDER)"

# A file's tests stay together, so that what they share is made once.
side_by_side := --numprocesses=logical --maxprocesses=4 --dist=loadfile

# Tests that drive a browser wait for it most of the time: two of their files at once take half as long.
test: $(drawing) ## Run every test; ARGS= goes to pytest
	@$(install) $(VENV) dev
	@$(install) $(STACK_VENV) stack
	@$(install) $(CHECKOV_VENV) checkov
	@$(install) $(LOAD_VENV) load
	@! command -v npm >/dev/null || $(install_node)
	@$(if $(ARGS),$(python) -m pytest $(ARGS),\
	  failed=0; \
	  $(python) -m pytest -m "not browser" || failed=1; \
	  $(python) -m pytest -m browser $(side_by_side) || failed=1; \
	  exit $$failed)

# On every processor, but a selection in one process: there a debugger works, and it starts sooner.
quick: $(drawing) ## Run the tests that take no longer than a second or two each; ARGS= goes to pytest
	@$(install) $(VENV) dev
	@$(python) -m pytest -m "not (slow or tensorflow or browser or docker)" \
	  $(or $(ARGS),$(side_by_side))

lint: ## Check style and types, of the page's scripts too, and the template
	@$(install) $(VENV) dev
	@$(install) $(STACK_VENV) stack
	@$(install) $(CHECKOV_VENV) checkov
	@$(install_node)
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy functions model_export lambda_package backlog costs deployment tests
	node_modules/.bin/tsc
	node_modules/.bin/tsc --project tsconfig.worker.json
	$(cfn_lint) template.yaml
	$(sam) validate --lint
	$(checkov) --file template.yaml --framework cloudformation --compact --quiet --skip-download

format: ## Put the code into the project's style
	@$(install) $(VENV) dev
	$(python) -m ruff check --fix
	$(python) -m ruff format

model: ## Train, quantize and measure the model anew; DATA= is a folder with MNIST's files
	@$(install) $(VENV) model
	$(python) -m model_export all $(if $(DATA),--data "$(DATA)")

build: ## Build the Lambda package for this machine's processor; ARCHITECTURE= for another
	@$(install) $(STACK_VENV) stack
	$(sam) build --build-dir "$(BUILD_FOLDER)" --parameter-overrides Architecture=$(ARCHITECTURE)
	@$(STACK_VENV)/bin/python -m lambda_package.settling "$(BUILD_FOLDER)/template.yaml" \
	  Architecture=$(ARCHITECTURE)

local: ## Build the Lambda and run it in Docker, behind SAM's local API; PORT=3000
	@docker info >/dev/null 2>&1 || { echo "make local needs Docker, and no engine answers." >&2; exit 1; }
	@$(MAKE) --no-print-directory build BUILD_FOLDER=$(LOCAL_BUILD)
	$(sam) local start-api --template $(LOCAL_BUILD)/template.yaml --port $(LOCAL_PORT) \
	  --config-file "$(CURDIR)/samconfig.toml" \
	  $(if $(SAM_LOCAL_INVOKE_IMAGE),--invoke-image "$(SAM_LOCAL_INVOKE_IMAGE)" --skip-pull-image)

# What is asked for goes to the command as it is, spaces and all.
backfill: ## Read what is in the bucket of uploads: PREFIX=scans/2026/ STACK=inkling; RESUME= or STOP= a name
	@$(install) $(STACK_VENV) stack
	@$(STACK_VENV)/bin/python -m backlog $(if $(STACK),--stack "$(STACK)") \
	  $(if $(PREFIX),--prefix "$(PREFIX)") $(if $(INVENTORY),--inventory "$(INVENTORY)") \
	  $(if $(RESUME),--resume "$(RESUME)") $(if $(STOP),--stop "$(STOP)")

# The build arguments without a value are the environment's, where it has them.
container: ## Build the image of the local server: IMAGE=inkling BASE_IMAGE=python:3.13-slim-trixie
	@docker info >/dev/null 2>&1 || { echo "make container needs Docker, and no engine answers." >&2; exit 1; }
	docker build --tag "$(or $(IMAGE),inkling)" $(if $(BASE_IMAGE),--build-arg "BASE_IMAGE=$(BASE_IMAGE)") \
	  --build-arg PIP_INDEX_URL --build-arg PIP_EXTRA_INDEX_URL \
	  --build-arg "REVISION=$$(git rev-parse HEAD 2>/dev/null)" .

operate = $(STACK_VENV)/bin/python -m deployment
operated_stack = $(if $(STACK),--stack "$(STACK)")
# One that is named beside the command; what this machine has is of no interest to the cloud.
deployed_architecture = $(if $(findstring command line,$(origin ARCHITECTURE)),Architecture=$(ARCHITECTURE))

deploy: ## Build and deploy the stack and its page, and test it: STACK=inkling PARAMETERS="A=b C=d" CONFIRM=no
	@$(install) $(STACK_VENV) stack
	@$(operate) deploy $(operated_stack) $(if $(CONFIRM),--confirm "$(CONFIRM)") \
	  --parameters '$(strip $(deployed_architecture) $(PARAMETERS))' \
	  $(if $(PACKAGES),--packages "$(PACKAGES)") $(if $(BUILT),--built "$(BUILT)")

destroy: ## Delete the stack, but for what must be kept: STACK=inkling CONFIRM=inkling; KEPT= a bucket left
	@$(install) $(STACK_VENV) stack
	@$(operate) destroy $(operated_stack) $(if $(CONFIRM),--confirm "$(CONFIRM)") \
	  $(if $(KEPT),--kept "$(KEPT)")

status: ## Say how the stack is, on one screen: STACK=inkling
	@$(install) $(STACK_VENV) stack
	@$(operate) status $(operated_stack)

logs: ## Print what the functions write: SINCE=10m FUNCTION=api FIND=text FOLLOW=1 JSON=1 STACK=inkling
	@$(install) $(STACK_VENV) stack
	@$(operate) logs $(operated_stack) $(if $(SINCE),--since "$(SINCE)") \
	  $(if $(FUNCTION),--function "$(FUNCTION)") $(if $(FIND),--find "$(FIND)") \
	  $(if $(FOLLOW),--follow) $(if $(JSON),--json)

# HOST may be a whole address, too. A server that is to show what it can has no limit: `--rate 0`.
load: ## Send a server real traffic, 60 % of it drawings: HOST=127.0.0.1 PORT=8000 USERS=8 SECONDS=60
	@$(install) $(LOAD_VENV) load
	@PYTHONPATH=.:functions $(LOAD_VENV)/bin/python -m locust --locustfile tests/load/locustfile.py \
	  --headless --only-summary --host "$(if $(findstring ://,$(HOST)),$(HOST),http://$(HOST):$(PORT))" \
	  --users "$(or $(USERS),8)" --spawn-rate 100 --run-time "$(or $(SECONDS),60)s" \
	  --pause "$(or $(PAUSE),0)" --stop-timeout 10 --summary build/load $(ARGS)

# On the Lambda's own Python; what the other commands run on may be another.
bench: $(drawing) ## Time it beside what people would build instead: ARGS="--only cold --rounds 5", or --help for more
	@$(install) $(STACK_VENV) stack
	@version=$$(sh lambda_package/python-version.sh); \
	PYTHON=$$(sh requirements/find-python.sh "$$version") || { \
	  echo "The bench needs Python $$version, the Lambda's own: install it, or put it on the PATH." >&2; \
	  exit 1; }; \
	export PYTHON; \
	for list in model local api; do $(install) $(BENCH_VENV) $$list || exit 1; done
	@PYTHONPATH=.:functions $(BENCH_VENV)/bin/python -m tests.benchmarks $(ARGS)

costs: ## Print what the stack costs a month, by AWS's price list
	@$(install) $(VENV) dev
	@$(python) -m costs

# Every list serves all platforms and all Pythons from the one named, and holds no index's address.
compile = $(LOCK_VENV)/bin/python -m uv pip compile --quiet --universal --generate-hashes \
  --no-header --no-strip-extras
pin = $(compile) --python-version 3.11
# LiteRT declares the last of these, and its interpreter imports none of them (colorama is tqdm's).
pin_for_lambda = $(compile) --python-version $$(sh lambda_package/python-version.sh) \
  $(addprefix --no-emit-package=,backports-strenum colorama flatbuffers ml-dtypes protobuf tqdm)

requirements: ## Pin pyproject.toml's dependencies anew; ARGS=--upgrade takes the latest of each
	@$(install) $(LOCK_VENV) lock
	$(pin) --group dev -o requirements/dev.txt $(ARGS)
	$(pin) --group local -o requirements/local.txt --constraints requirements/dev.txt
	$(pin) --group model -o requirements/model.txt --constraints requirements/dev.txt
	$(pin_for_lambda) --group api -o requirements/api.txt --constraints requirements/dev.txt
	$(pin_for_lambda) --group predictor -o requirements/predictor.txt \
	  --constraints requirements/dev.txt
	$(pin) --group stack -o requirements/stack.txt $(ARGS)
	$(pin_for_lambda) --group package -o requirements/package.txt $(ARGS)
	$(pin) --group checkov -o requirements/checkov.txt $(ARGS)
	$(pin) --group load -o requirements/load.txt $(ARGS)
	$(compile) --python-version $$(sh lambda_package/python-version.sh) --group bench \
	  -o requirements/bench.txt $(ARGS)
	$(pin) --group lock -o requirements/lock.txt $(ARGS)

clean: ## Remove what these targets made: packages, caches and environments, but no data
	rm -rf $(drawing) .aws-sam build node_modules .hypothesis .pytest_cache .mypy_cache .ruff_cache
	rm -rf $(VENV) $(STACK_VENV) $(CHECKOV_VENV) $(LOAD_VENV) $(LOCK_VENV) $(PACKAGE_VENV) $(BENCH_VENV)
	find functions model_export lambda_package backlog costs deployment tests -name __pycache__ -type d -prune -exec rm -rf {} +
