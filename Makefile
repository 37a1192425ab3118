# The commands of the project. Plain GNU make and sh; PYTHON chooses the interpreter of .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# What an installation for work on the project brings; add the names of new extras here.
EXTRAS := dev,live,cluster,web
# What comes with the sample: all that a command may need.
RUNTIME := web,cluster
PINNED := pyproject.toml constraints.txt

.PHONY: help demo test lint soak bench baseline samples pictures docs clean constraints libraries tools fetched

help:
	@echo "make demo         analyse the sample clip: install, fetch the pose model, write formcheck-out/"
	@echo "make test         lint, check types, run every test"
	@echo "make lint         lint and check types only"
	@echo "make soak         compare every sample's accuracy with the baseline; damaged films, a batch killed often, live for long"
	@echo "make baseline     the same, and raise the baseline and the docs' table on purpose"
	@echo "make bench        compare the speed with what was recorded; alone on the machine"
	@echo "make samples      render the sample clips anew into build/samples/, and compare their truth"
	@echo "make pictures     make the pictures of the docs anew, from the sample clip"
	@echo "make docs         write the pages that are made from what the exercises declare"
	@echo "make constraints  pin the newest versions that work together"
	@echo "make clean        delete what was made, except .venv and models/"

demo: $(VENV)/installed libraries
	@$(BIN)/formcheck models pull
	@$(BIN)/formcheck demo

# The tests in two parts: a browser beside busy workers may take minutes to start, so its tests run
# alone, after the others, and so do those of windows and voices. Both parts run whatever the first
# one says. LIMIT may be a command that ends another after a while. Workers fill the cores; a
# library's own threads would only fight.

WORKERS ?= auto
PARALLEL := --dist loadfile --no-loadscope-reorder
LIMIT ?=

test: lint libraries tools fetched
	@failed=0; set -x; \
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 \
	$(LIMIT) $(BIN)/python -m pytest -m 'not browser and not desktop' -n $(WORKERS) $(PARALLEL) $(PYTEST) || failed=1; \
	$(LIMIT) $(BIN)/python -m pytest -m 'browser or desktop' --timeout 180 $(PYTEST) || failed=1; \
	exit $$failed

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Accuracy against known truth. build/validation/validation.html shows what came out.

MEASURE = $(BIN)/formcheck validate sample_videos --baseline sample_videos/baseline.json --out build/validation

# Clips that are watched live as well, in real time, and compared with their analysis.
FILMED = $(patsubst %,sample_videos/%.mp4,demo_three_reps fault_hips_pike partner hand_held)

soak: $(VENV)/installed-dev libraries
	$(MEASURE)
	$(BIN)/python tests/fuzz_clips.py --files 10000 --keep build/fuzz
	$(BIN)/python tests/batch_soak.py
	$(BIN)/python tests/benchmarks/batch.py
	$(BIN)/python tests/benchmarks/web.py
	$(BIN)/python tests/benchmarks/web.py --postgresql
	$(BIN)/python tests/benchmarks/live_clips.py $(FILMED) --out build/live
	$(BIN)/python tests/benchmarks/live.py --seconds 600
	$(BIN)/python tests/benchmarks/memory.py --minutes 1,60

# How fast a clip is checked, against the bare loop and the recorded ratios. Alone on the machine.

RECORDED = tests/benchmarks/recorded.json
GROWTH = tests/benchmarks/recorded_growth.json

bench: $(VENV)/installed-dev libraries
	@failed=0; set -x; \
	$(BIN)/python tests/benchmarks/analysis.py --against $(RECORDED) --json build/speed.json || failed=1; \
	$(BIN)/python tests/benchmarks/growth.py --against $(GROWTH) --json build/growth.json || failed=1; \
	$(BIN)/python tests/benchmarks/stages.py --json build/stages.json || failed=1; \
	$(BIN)/python tests/benchmarks/start.py --json build/start.json || failed=1; \
	$(BIN)/python tests/benchmarks/memory.py || failed=1; \
	exit $$failed

baseline: $(VENV)/installed-dev libraries
	$(MEASURE) --raise
	$(BIN)/python docs/accuracy.py build/validation/validation.json

# The sample clips, by sample_videos/studio. CLIPS names some; OPTIONS=--adopt takes them over.

samples: $(VENV)/installed-dev libraries tools
	PYTHONPATH=sample_videos $(BIN)/python -m studio --sheets $(OPTIONS) $(CLIPS)

pictures: $(VENV)/installed-dev libraries tools
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/pictures_web.py
	$(BIN)/python docs/guide.py

# Pages made of what the program runs on: numbers, checks, cues, how to film.

docs: $(VENV)/installed-dev libraries
	$(BIN)/python docs/measures.py
	$(BIN)/python docs/guide.py --words

clean:
	rm -rf build dist formcheck-out *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find formcheck tests -name __pycache__ -prune -exec rm -rf {} +

# The environment: made once, installed into anew when what it is made of changes.

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "formcheck needs Python 3.11 or newer, and '$(PYTHON)' is not that:" \
	       "install one and say which, e.g. make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments:" \
	       "install its venv module (Debian, Ubuntu: sudo apt-get install -y python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/made $(PINNED)
	$(PIP) install --quiet -c constraints.txt -e '.[$(RUNTIME)]'
	@touch $@

$(VENV)/installed-dev: $(VENV)/made $(PINNED)
	$(PIP) install --quiet --upgrade 'pip>=25.1' # which knows dependency groups
	$(PIP) install --quiet -c constraints.txt -e '.[$(EXTRAS)]' --group studio
	@touch $@ $(VENV)/installed

# System packages: installed where this is Debian and we may; elsewhere formcheck itself says what
# is missing, and the tests that need a tool skip and say so.

APT = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

libraries:
	@[ "$$(uname)" != Linux ] || $(PYTHON) -c 'import ctypes; [ctypes.CDLL(name) for name in \
	  ("libGL.so.1", "libEGL.so.1", "libGLESv2.so.2", "libgthread-2.0.so.0", "libxcb.so.1")]' 2>/dev/null || \
	  { $(APT) libgl1 libegl1 libgles2 libglib2.0-0 libxcb1; } || \
	  echo "Some system libraries are missing: libgl1 libegl1 libgles2 libglib2.0-0 libxcb1 (Debian's names)" >&2

tools:
	@command -v chromium >/dev/null || { $(APT) chromium; } || \
	  echo "No chromium: the tests in the browser will skip" >&2
	@(for tool in Xvfb xdotool openbox espeak-ng aplay; do command -v $$tool >/dev/null || exit 1; done) || \
	  { $(APT) xvfb xdotool openbox espeak-ng alsa-utils; } || \
	  echo "No virtual screen or no voice: the tests of the window or the voice will skip" >&2
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  { $(APT) postgresql; } || \
	  echo "No PostgreSQL: the store will be tested on SQLite alone" >&2
	@command -v strace >/dev/null || { $(APT) strace; } || \
	  echo "No strace: the tests that watch the network will skip" >&2
	@[ "$$(uname)" != Linux ] || $(BIN)/python -c 'import moderngl; \
	  moderngl.create_standalone_context(backend="egl").release()' 2>/dev/null || \
	  { $(APT) libegl1 libgl1-mesa-dri; } || \
	  echo "No software OpenGL (libegl1, libgl1-mesa-dri): the tests that render will skip" >&2
	@[ -f $(VENV)/npm/node_modules/axe-core/axe.min.js ] || \
	  npm install --silent --no-save --prefix $(VENV)/npm axe-core@4 >/dev/null 2>&1 || \
	  echo "No axe-core (npm could not fetch it): the test of accessibility will skip" >&2

# What the tests fetch, before workers would do so side by side. Offline the tests say what is missing.

fetched: $(VENV)/installed-dev libraries
	@$(BIN)/formcheck models pull >/dev/null || true
	@PYTHONPATH=sample_videos $(BIN)/python -c 'from studio import assets; assets.ensure()' || true

# Tested versions: everything that an empty environment gets today.

constraints:
	rm -rf build/pins
	$(PYTHON) -m venv build/pins
	build/pins/bin/python -m pip --disable-pip-version-check install --quiet --upgrade pip
	build/pins/bin/python -m pip --disable-pip-version-check install --quiet '.[$(EXTRAS)]' --group studio
	sed -n '/^#/p' constraints.txt > build/pins/constraints.txt
	build/pins/bin/python -m pip --disable-pip-version-check freeze --exclude setuptools \
	  --exclude wheel --exclude formcheck | grep '^[A-Za-z0-9._-]*==' >> build/pins/constraints.txt
	mv build/pins/constraints.txt constraints.txt
	rm -rf build/pins
