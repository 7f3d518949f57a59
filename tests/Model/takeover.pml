/*
 * Ownership of one shard and the life of one of its calls: two nodes that may own it, one store that may forget its newest writes,
 * two media agents of which one carries the call. docs/cluster.md says the same in words.
 *
 * A command is a bit. An owner takes one that it has not got, commits the new state, pushes it to the agent, and acknowledges.
 * What must hold: a state that an agent puts in force contains every command that was ever acknowledged. The model may lose one thing at
 * a time: the newest writes of the store, or what the agent holds (its host dies); both at once is what WAIT and two hosts are for.
 *
 * Each -D below takes one protection away; every such model must fail:
 *   NO_FENCE          agents are not fenced before they are read
 *   NO_AGENT_CHECK    agents apply plans of any token
 *   NO_AGENT_READ     a new owner reads the store only
 *   NO_INCARNATION    a token is the epoch alone
 *   NO_COMMIT_CHECK   the store takes any commit
 *   VERSION_ONLY      the newest state is the one with the highest version, whoever wrote it
 *   READ_BEFORE_FENCE the agents are read first and fenced afterwards
 */
#define NODES 2
#define AGENTS 2
#ifndef COMMANDS
#define COMMANDS 2
#endif
#ifndef LOSSES
#define LOSSES 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef MAX_EPOCH
#define MAX_EPOCH 3
#endif

/* A token: epoch first, then incarnation. */
#ifdef NO_INCARNATION
#define TOKEN(epoch, incarnation) ((epoch) * 8)
#else
#define TOKEN(epoch, incarnation) ((epoch) * 8 + (incarnation))
#endif
#define EPOCH(token) ((token) / 8)

/* The store, and what it falls back to when a fail-over loses its newest writes. */
byte storeToken, storeState, storeVersion, storeWriter;
bool leased;
byte oldToken, oldState, oldVersion, oldWriter;
byte losses, crashes;

/* The agents: highest token seen, the plan in force and its version. The first one carries the call until it dies, then the second. */
byte fence[AGENTS];
byte carrier;
byte planState, planVersion, planWriter;

byte acknowledged;      /* commands that clients have seen answered */
byte incarnations = 1;  /* the next incarnation */

/* Which of the agent's and the store's is newer: by the token that wrote it, then by version. */
#ifdef VERSION_ONLY
#define PLAN_IS_NEWER (planVersion > version)
#else
#define PLAN_IS_NEWER (planWriter > writer || planWriter == writer && planVersion > version)
#endif

#define CONTAINS(state) (((state) & acknowledged) == acknowledged)

inline remember() { oldToken = storeToken; oldState = storeState; oldVersion = storeVersion; oldWriter = storeWriter }

/* Leases run out at any time: a node may have slept. The store may lose what was written since the last remember(), an agent all it has:
 * its host dies, and the call is placed on the other. (An agent that starts anew must be fenced before it takes plans; else it is NO_AGENT_CHECK.) */
active proctype World()
{
	do
	:: leased -> leased = false
	:: losses < LOSSES && (storeToken != oldToken || storeVersion != oldVersion) ->
		atomic { losses++; storeToken = oldToken; storeState = oldState; storeVersion = oldVersion; storeWriter = oldWriter; leased = false }
	:: losses < LOSSES && (storeToken != oldToken || storeVersion != oldVersion) -> atomic { remember() }
	:: losses < LOSSES && carrier == 0 -> atomic { losses++; carrier = 1; planState = 0; planVersion = 0; planWriter = 0 }
	:: timeout -> break
	od
}

proctype Node(byte self)
{
	byte incarnation, token, state, version, writer, next, minEpoch, agent;
	bool refused;

start:
	atomic { incarnation = incarnations; incarnations++; minEpoch = 0; state = 0; version = 0; writer = 0; token = 0; next = 0; agent = 0; refused = false }

acquire:
	do
	:: atomic { !leased && EPOCH(storeToken) < MAX_EPOCH && minEpoch < MAX_EPOCH ->
		token = TOKEN((EPOCH(storeToken) > minEpoch -> EPOCH(storeToken) : minEpoch) + 1, incarnation);
		storeToken = token; leased = true; break }
	:: goto done
	od;

#ifdef READ_BEFORE_FENCE
	atomic { state = storeState; version = storeVersion; writer = storeWriter };
	atomic {
		if
		:: PLAN_IS_NEWER -> state = planState; version = planVersion
		:: else -> skip
		fi
	};
#endif

	/* Fence every agent; a higher token there sends us back. */
	agent = 0; refused = false;
#ifndef NO_FENCE
	do
	:: agent < AGENTS ->
		atomic {
			if
			:: fence[agent] > token -> minEpoch = EPOCH(fence[agent]); refused = true
			:: else -> fence[agent] = token
			fi;
			agent++
		}
	:: else -> break
	od;
	if
	:: refused -> goto acquire_again
	:: else -> agent = 0
	fi;
#endif

#ifndef READ_BEFORE_FENCE
	/* Read the store, then the agents; the newer one counts. */
	atomic { state = storeState; version = storeVersion; writer = storeWriter };
#ifndef NO_AGENT_READ
	atomic {
		if
		:: PLAN_IS_NEWER -> state = planState; version = planVersion
		:: else -> skip
		fi
	};
#endif
#endif

	/* Commit again under the new token. */
	atomic {
		if
		:: storeToken == token -> storeState = state; storeVersion = version; storeWriter = token; refused = false
		:: else -> refused = true
		fi
	};
	if
	:: refused -> goto acquire_again
	:: else -> skip
	fi;

	/* Serve. */
	do
	:: goto acquire_again
	:: crashes < CRASHES -> atomic { crashes++; goto start }
	:: state != (1 << COMMANDS) - 1 ->
		/* A command that this state has not got; 1 save. */
		atomic {
			if
			:: !(state & 1) -> next = 1
			:: !(state & 2) -> next = 2
			:: COMMANDS > 2 && !(state & 4) -> next = 4
			fi;
			if
#ifdef NO_COMMIT_CHECK
			:: true -> storeState = state | next; storeVersion = version + 1; storeWriter = token; refused = false
#else
			:: storeToken == token && storeVersion <= version -> storeState = state | next; storeVersion = version + 1; storeWriter = token; refused = false
			:: else -> refused = true
#endif
			fi
		};
		if
		:: refused -> goto acquire_again
		:: else -> skip
		fi;
		/* 2 push */
		atomic {
			if
#ifdef NO_AGENT_CHECK
			:: true ->
#else
			:: fence[carrier] > token -> refused = true
			:: else -> fence[carrier] = token;
#endif
				assert(CONTAINS(state | next));
				planState = state | next; planVersion = version + 1; planWriter = token; refused = false
			fi
		};
		if
		:: refused -> goto acquire_again
		:: else -> skip
		fi;
		/* 3 reply */
		atomic { state = state | next; version++; writer = token; acknowledged = acknowledged | next; next = 0 }
	od;

acquire_again:
	atomic { state = 0; version = 0; writer = 0; next = 0; token = 0; agent = 0; refused = false; goto acquire }
done:
	skip
}

init { atomic { run Node(0); run Node(1) } }
