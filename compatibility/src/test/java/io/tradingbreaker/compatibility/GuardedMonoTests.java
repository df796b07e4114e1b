package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A guarded method that returns a {@code Mono}: each subscription is a call. */
@RunningApplication
@Import(GuardedMonoTests.Quotes.class)
class GuardedMonoTests {

    private static final Duration PATIENT = Duration.ofSeconds(30);

    @Autowired
    private Quotes quotes;

    @Autowired
    private TradingBreaker tradingBreaker;

    @Test
    void eachSubscriptionCountsAndAHaltRefuses() {
        Mono<String> quote = quotes.quote();
        assertThat(tradingBreaker.counters().total()).isZero();
        assertThat(quote.block(PATIENT)).isEqualTo("149.20");
        assertThat(quote.block(PATIENT)).isEqualTo("149.20");
        assertThat(tradingBreaker.counters().successful()).isEqualTo(2);

        tradingBreaker.halt("stop", null);
        assertThatThrownBy(() -> quote.block(PATIENT)).isInstanceOf(TradingPausedException.class);
    }

    static class Quotes {

        @LatencyGuarded
        public Mono<String> quote() {
            return Mono.just("149.20").publishOn(Schedulers.parallel());
        }
    }
}
