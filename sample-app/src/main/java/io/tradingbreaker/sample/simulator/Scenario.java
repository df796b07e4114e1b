package io.tradingbreaker.sample.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the node does to those who call it. */
public enum Scenario {
    /** Answers after 20 to 60 ms, lognormal. */
    NORMAL,
    /** Answers after 300 ms. */
    SPIKE,
    /** Does not answer until the scenario changes. */
    FREEZE,
    /** Answers fast and well, but its slot stands still. */
    FROZEN_SLOT,
    /** Says that it is behind: error −32005 for getHealth and sendTransaction. */
    UNHEALTHY,
    /** Answers everything with HTTP 500. */
    ERRORS,
    /** Its latencies follow a recording. */
    REPLAY;

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
