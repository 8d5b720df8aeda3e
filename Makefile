# Two commands do everything: `make run` and `make test`. Both prepare what they need in .venv.
PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= 127.0.0.1
SIZES ?= 12000 1000000
SECONDS ?= 60
# the order of the tests; make test SEED=$$RANDOM for another
SEED ?= 2496675107
BIN = .venv/bin
READY = .venv/.ready
MOTO = .venv-moto
SPARK = .venv-spark
# which tests make test-spark runs: all of them, or only the short ones
SPARK_TESTS ?= all
DEV_READY = .venv/.ready-dev

.DEFAULT_GOAL := help
.PHONY: help run test test-object-stores test-spark coverage faults attack lint lock demo bench clean

help:
	@echo "make run     the dashboard on port $(PORT) (PORT=8600 make run for another); demo data if nothing is published"
	@echo "make test    every test in a random order, the real browser included"
	@echo "make test-object-stores  deliveries in a bucket of moto's S3 server; the demo from there compared with the demo from a folder"
	@echo "make test-spark  deliveries published on a Spark server with two workers, compared with the same published here; needs Java 17"
	@echo "make coverage  the tests without the browser, and which lines and branches they never run"
	@echo "make faults  the fault suite in full: a kill at every step, 1,000 damaged stores, a full disk at 60 sizes (about an hour)"
	@echo "make attack  every attack on the numbers that protected readers get, over the published store and over two deliveries of the demo (about 45 minutes)"
	@echo "make lint    style, format, types and the direction of imports"
	@echo "make lock    pin every dependency again after a change to requirements.in or another requirements*.in"
	@echo "make demo    three synthetic deliveries, made and published, when nothing is published yet"
	@echo "make bench   how long publishing, questions, clicks, loads and many readers take, as ratios in one run (SIZES=\"12000 1000000\","
	@echo "             SECONDS=60 for each crowd of readers); how often verdicts err, over simulations"

# uv takes seconds where pip takes most of a minute. Where uv cannot install, as with an index that only pip is set up for, pip does.
# $(1): the folder of the environment, $(2): the file
define install
@$(BIN)/uv pip install --quiet --python $(1)/bin/python --require-hashes -r $(2) 2>/dev/null || \
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(2)
endef

$(READY): requirements.txt requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: PYTHON=/path/to/python3.11 make …"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is needed: on Debian or Ubuntu, apt-get install python3-venv"; exit 1; }
	-@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(call install,.venv,requirements.txt)
	@touch $@

$(DEV_READY): $(READY) requirements-dev.txt
	$(call install,.venv,requirements-dev.txt)
	@touch $@

$(MOTO)/.ready: $(READY) requirements-moto.txt
	@$(PYTHON) -m venv $(MOTO)
	$(call install,$(MOTO),requirements-moto.txt)
	@touch $@

$(SPARK)/.ready: $(READY) requirements-spark-server.txt
	@$(PYTHON) -m venv $(SPARK)
	$(call install,$(SPARK),requirements-spark-server.txt)
	@touch $@

lock: $(DEV_READY)
	@for file in requirements-uv requirements requirements-mcp requirements-object-stores requirements-moto requirements-spark requirements-spark-server requirements-dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--custom-compile-command "make lock" $$file.in -o $$file.txt || exit 1; done

run: $(READY)
	@$(BIN)/python -m data demo demo --publish --unless-published
	@$(BIN)/python serve.py --port $(PORT) --address $(ADDRESS)

demo: $(READY)
	@$(BIN)/python -m data demo demo --publish
	@$(BIN)/python -m data deliveries

# where tests run by themselves (CI), Spark's come first, or a line says that there is no Java; elsewhere: make test-spark
# four workers on two cores, because browsers, servers, disks and commands are often waited for: three kept the cores 87% busy. Compiled
# modules are kept even where the environment says not to, else each worker, server and command compiles everything again. Linux keeps
# more of what is freed at hand: DuckDB plans a statement in thousands of small pieces of memory, and takes a tenth less time for it
test: $(DEV_READY)
	@if [ -z "$$CI" ]; then :; elif command -v java >/dev/null; then $(MAKE) --no-print-directory test-spark SPARK_TESTS=short; \
		else echo "Publishing on Spark was not tested: there is no Java here."; fi
	@browser=$$($(BIN)/python -m tests.browser.find) && PYTHONDONTWRITEBYTECODE= GLIBC_TUNABLES=glibc.malloc.tcache_count=1000 DASHBOARD_BROWSER="$$browser" \
		$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder --randomly-seed=$(SEED)

test-spark: $(SPARK)/.ready
	@command -v java >/dev/null || { echo "Java 17 is needed: on Debian or Ubuntu, apt-get install default-jre-headless"; exit 1; }
	SPARK_TESTS=$(SPARK_TESTS) $(SPARK)/bin/python -m pytest -p no:cacheprovider tests/data/cluster/test_spark.py

test-object-stores: $(DEV_READY) $(MOTO)/.ready
	MOTO_SERVER=$(MOTO)/bin/moto_server $(BIN)/python -m pytest tests/data/test_object_store.py tests/data/cluster/test_in_place.py

coverage: $(DEV_READY)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --cov --cov-report=term -m "not browser"

faults: $(DEV_READY)
	FAULTS=full $(BIN)/python -m pytest tests/faults

attack: $(DEV_READY)
	@$(BIN)/python -m data demo demo --publish --unless-published
	$(BIN)/python -m tests.privacy.attack "$${DASHBOARD_STORE:-store}"
	$(BIN)/python -m tests.privacy.differences "$${DASHBOARD_STORE:-store}"
	$(BIN)/python -m tests.privacy.outside "$${DASHBOARD_STORE:-store}"
	@[ -d demo ] || $(BIN)/python -m data demo demo
	$(BIN)/python -m tests.privacy.fortnight demo/2026-11-13

lint: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV_READY)
	@browser=$$($(BIN)/python -m tests.browser.find) && DASHBOARD_BROWSER="$$browser" $(BIN)/python -m benchmarks $(SIZES) --seconds $(SECONDS)
	$(BIN)/python -m benchmarks.verdicts
	$(BIN)/python -m benchmarks.projections

clean:
	rm -rf .venv .venv-moto .venv-spark demo .pytest_cache .ruff_cache .mypy_cache .hypothesis
