# Two commands matter: `make run` starts a node, `make test` runs every test. The rest helps.
CONFIGURATION ?= Release
SHELL := /bin/bash
# The SDK and the tests need no locale data, and a small machine has no ICU.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT ?= 1

.PHONY: build run test test-fast bench rooms fuzz cluster drill kernel-test kernel-bench demo image-files format clean

build: ## the runnable bin/rtpcluster
	@build/install.sh sdk
	@build/publish.sh $(CONFIGURATION)

run: build ## one node with its embedded store on loopback
	@build/run.sh

test: ## installs what the tests need and runs them all
	@build/install.sh sdk test kernel helm
	@build/test.sh all

test-fast: ## unit and architecture tests only
	@build/install.sh sdk
	@build/test.sh fast

bench: build ## us and, when it is installed, the peer, alternately
	@build/install.sh bench
	dotnet run --project tests/Bench -c Release -- $(or $(ARGS),relay)

rooms: build ## RUNS whole rooms of Chromium, one publisher and three subscribers each: how soon they connect and see
	@build/install.sh test
	RTPCLUSTER_ROOMS=$(or $(RUNS),50) dotnet run --project tests/Browser -c Release -- -diagnostics -noLogo -class RtpCluster.Browser.WholeRoomTests

fuzz: ## a million inputs per parser
	dotnet run --project tests/Fuzz -c Release -- $(or $(ARGS),all 1000000)

kernel-test: build ## builds the kernel module and runs every case in virtual machines, whole nodes among them
	@build/install.sh kernel
	@tests/KernelVm/host/test.sh $(ARGS)

kernel-bench: ## the module and, in the same boot, the peer's: nanoseconds and instructions per packet
	@build/install.sh kernel
	@tests/KernelVm/host/bench.sh $(ARGS)

cluster: build ## three nodes and a redis-server on this machine, to play with
	@build/cluster.sh

drill: build ## what goes wrong in a cluster, with real processes, Redis and RTP; needs root
	@build/install.sh test
	@build/drill.sh $(ARGS)

demo: build ## a room of two publishers and three subscribers with a live table
	bin/rtpcluster drill demo $(ARGS)

image-files: ## what the container image is built from (deploy/docker)
	@build/install.sh sdk
	dotnet publish src/Server/Server.csproj -c $(CONFIGURATION) -r linux-$(if $(filter aarch64,$(shell uname -m)),arm64,x64) --self-contained -o var/image/bin -v q --nologo

format: ## lays the code out as the editorconfig says
	dotnet format RtpCluster.sln

clean:
	rm -rf bin var
	find src tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
