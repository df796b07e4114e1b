package io.tradingbreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.TradingBreaker;
import java.util.List;

/** What has become of a breaker's calls. */
public final class Calls {

    private Calls() {}

    /** Nothing is in flight, and the accounts balance. */
    public static void assertEnded(TradingBreaker breaker, long successful, long failed, long ignored) {
        BreakerCounters counters = breaker.counters();
        assertThat(List.of(counters.successful(), counters.failed(), counters.ignored(), counters.inFlight()))
                .as("successful, failed, ignored, in flight")
                .map(Number::longValue)
                .containsExactly(successful, failed, ignored, 0L);
        assertThat(counters.permitted()).isEqualTo(successful + failed + ignored);
        assertThat(counters.total()).isEqualTo(counters.permitted() + counters.rejected());
        assertThat(counters.abandoned()).isZero();
    }
}
