# Two commands are enough on a fresh machine: make run, make test.
PYTHON ?= python3
VENV := .venv
STACK := .venv-ministack
UV := $(VENV)/bin/uv
RUN := $(UV) run --frozen --no-sync
ARCH ?= arm64
IMAGE ?=
ARGS ?=
BACKEND ?= moto
SEEDS ?= 60
# Without compiled files each start takes two seconds longer; where the environment forbids them, not here.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test check contract fuzz stack bench build image deploy clean

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# The stamp is renewed when the lock or the project file changes, and only then.
$(VENV)/.stamp: uv.lock pyproject.toml .ci/uv-requirements.txt
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/uv-requirements.txt
	@$(UV) sync --frozen --quiet
	@# A language model in the form of a source of 2 MB: compiling it takes a second and 0.5 GB, so not at each start.
	@$(VENV)/bin/python -m compileall -q $(VENV)/lib/python*/site-packages/eld/resources/ngrams/ngramsM60.py
	@touch $@

setup: $(VENV)/.stamp  ## the project's own virtual environment, from the lock file

run: setup  ## the whole flow over the sample site, on an embedded AWS
	@$(RUN) newscast run $(ARGS)

test: setup  ## all tests
	@$(RUN) pytest $(ARGS)

check: setup  ## style, types, import directions, the template
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(RUN) lint-imports
	@$(RUN) python -m infra.checks

contract: setup  ## all of the contract and the flow on BACKEND=engine, moto or ministack; SEEDS=60 sequences of calls
	@$(RUN) python -m tests.contract.all $(BACKEND) $(SEEDS)

fuzz: setup  ## CPU and memory of every hostile shape at n, 2n and 4n; SEEDS=60 compositions; ARGS="--only tag --size 50000"
	@$(RUN) python -W ignore -m tests.fuzz --seeds $(SEEDS) $(ARGS)

stack: $(STACK)/.stamp  ## a second emulator, MiniStack, in its own environment: the whole contract on it
	@$(MAKE) --no-print-directory contract BACKEND=ministack SEEDS=12

# It pins botocore, so it can't live beside ours.
$(STACK)/.stamp: setup
	@test -f $@ || { $(PYTHON) -m venv $(STACK) && $(STACK)/bin/python -m pip install --quiet \
	  --disable-pip-version-check ministack==1.5.33 && touch $@; } \
	  || { echo "MiniStack can't be installed: Python's venv and pip, and the package ministack, are needed" >&2; exit 1; }

bench: setup  ## measurements; ARGS="imports" runs just the one
	@$(RUN) python -m tests.bench $(ARGS)

build: setup  ## dist/<function>.zip for each function and dist/template.yaml; ARCH=arm64 or x86_64
	@$(RUN) python -m infra.build --arch $(ARCH) $(if $(IMAGE),--tag-image $(IMAGE))

image: setup  ## the tag function with a statistical recogniser, as the container image IMAGE=... (needs Docker)
	@test -n "$(IMAGE)" || { echo "make image needs the image's name: IMAGE=ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG" >&2; exit 1; }
	@command -v docker >/dev/null || { echo "make image needs Docker" >&2; exit 1; }
	@$(MAKE) --no-print-directory build
	@$(UV) export --frozen --quiet --no-default-groups --no-emit-project --extra recogniser -o dist/recogniser.txt
	cp functions/newscast/tag/spacy_model.py dist/
	docker build --platform linux/$(if $(filter x86_64,$(ARCH)),amd64,arm64) --provenance=false -f infra/recogniser/Dockerfile -t $(IMAGE) dist

deploy: setup  ## make build, then sam deploy with infra/samconfig.toml, then protect the table; ARGS go to sam
	@command -v sam >/dev/null || { echo "make deploy needs the AWS SAM CLI on PATH (pipx install aws-sam-cli)" >&2; exit 1; }
	@$(MAKE) --no-print-directory build
	@$(RUN) python -m infra.deploy $(ARGS)

clean:  ## remove what was built
	rm -rf dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
