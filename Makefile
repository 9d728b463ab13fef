# Hearth. `make` lists what there is to make; `make run` and `make test` do all set-up themselves.
SHELL := /bin/bash
CONFIGURATION ?= release
BUILD := .build/$(CONFIGURATION)
PREFIX ?= /usr/local

.PHONY: help
help:
	@echo 'make run               build, and run a simulated home (HOME_SIM=no: your real one)'
	@echo '                       CONFIG=my-home.yaml: with that desired state'
	@echo 'make test              build and run all tests'
	@echo 'make bench             measure, and print the table of the README'
	@echo 'make fuzz              10 million executions of each fuzzer'
	@echo 'make crash-all         every crash point, which takes hours'
	@echo 'make lint              the formatter, strictly'
	@echo 'make format            let the formatter do it'
	@echo 'make install           programs and plugins to PREFIX ($(PREFIX))'
	@echo 'make clean             remove what was built'

.PHONY: requirements
requirements:
	@scripts/check-toolchain
	@scripts/install-requirements

.PHONY: build
build: requirements
	@scripts/build $(CONFIGURATION)

.PHONY: run
run: build
	@BIN="$(CURDIR)/$(BUILD)" CONFIG="$(CONFIG)" scripts/run

.PHONY: test
test:
	@scripts/check-toolchain
	@scripts/install-requirements --tests
	@scripts/test

.PHONY: bench
bench: build
	@scripts/install-requirements --tests
	@BIN="$(CURDIR)/$(BUILD)" Benchmarks/run

.PHONY: fuzz
fuzz:
	@scripts/install-requirements --tests
	@$(MAKE) --no-print-directory -C Tests/WorkerTests fuzz
	@Tests/Fuzz/run 10000000

.PHONY: crash-all
crash-all:
	@scripts/install-requirements --tests
	@swift build
	@Tests/CrashPoints/run --all

.PHONY: lint format
lint:
	@scripts/lint
format:
	@swift format --in-place --recursive --parallel Package.swift Host PluginAPI Plugins Tests Benchmarks

.PHONY: install
install: build
	@PREFIX="$(PREFIX)" BIN="$(BUILD)" scripts/install

.PHONY: clean
clean:
	rm -rf .build .venv
