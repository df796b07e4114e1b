package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RuleTests {

    @ParameterizedTest
    @EnumSource
    void everyPairOfStates_isLegalOrNot(Rule rule) {
        Set<String> legal = legal(rule);
        for (BreakerState from : BreakerState.values()) {
            for (BreakerState to : BreakerState.values()) {
                String pair = from.code() + " to " + to.code();
                assertThat(rule.moves(from, to)).as(pair).isEqualTo(legal.contains(pair));
            }
        }
    }

    private static Set<String> legal(Rule rule) {
        return switch (rule) {
            case PERCENTILE, CONSECUTIVE, ERROR_RATE, LOCAL_PAUSE, STREAM_SILENCE -> Set.of("closed to open");
            case TIMEOUT -> Set.of("open to half-open");
            case PROBE -> Set.of("open to half-open", "half-open to open");
            case TRIALS -> Set.of("half-open to open", "half-open to closed");
            case TRIP -> Set.of("closed to open", "half-open to open");
            case HALT -> Set.of("closed to halted", "open to halted", "half-open to halted");
            case RESUME -> Set.of("halted to open");
            case RESET -> Set.of("open to closed", "half-open to closed", "halted to closed");
        };
    }
}
