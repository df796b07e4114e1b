package io.tradingbreaker.sample.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an endpoint does to those who call it. */
public enum Scenario {
    /** Answers after 20 to 60 ms, lognormal. */
    NORMAL,
    /** Answers after 300 ms. */
    SPIKE,
    /** Does not answer until the scenario changes. */
    FREEZE,
    /** Holds back all answers for 5 s of every minute. */
    STALLS,
    /** Answers fast and well, but its slot stands still. */
    FROZEN_SLOT,
    /** Answers getSlot from a cache that is up to 2 s old, as load balancers do. */
    CACHED_SLOT,
    /** Says that it is well and is 40 slots behind the chain. */
    LAGGING,
    /** Says that it is behind: error −32005 for getHealth and sendTransaction. */
    UNHEALTHY,
    /** Refuses with HTTP 429 for 2 s of every 4. */
    RATE_LIMIT,
    /** Answers everything with HTTP 500. */
    ERRORS,
    /** Its latencies follow a recording. */
    REPLAY,
    /** Sends nothing more on its slot streams, with no error, and answers all other calls. */
    SILENT_STREAM,
    /** The slots of its streams are 40 behind the chain. */
    LAGGED,
    /** Ends its streams with UNAVAILABLE and listens no more. */
    SERVER_SHUTDOWN;

    /** Whether this is played by the gRPC service, which besides plays normal only. */
    public boolean isOfStreams() {
        return this == SILENT_STREAM || this == LAGGED || this == SERVER_SHUTDOWN;
    }

    /** The lower-case name with dashes, as over HTTP: {@code frozen-slot}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Scenario> ofCode(String code) {
        return Arrays.stream(values()).filter(s -> s.code().equals(code)).findFirst();
    }

    public static List<String> codes() {
        return Arrays.stream(values()).map(Scenario::code).toList();
    }
}
