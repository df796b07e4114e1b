package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** A registry in virtual time, with what tests do to its breakers again and again. */
final class Desk {

    final ManualScheduler time = new ManualScheduler();
    final List<Transition> transitions = Collections.synchronizedList(new ArrayList<>());
    final List<HealthChecker> checkers = new ArrayList<>();
    final List<OutcomeClassifier> classifiers = new ArrayList<>();
    private final BreakerRegistryBuilder builder = BreakerRegistry.builder();
    private BreakerRegistry registry;

    static Desk of(Consumer<BreakerConfigBuilder> trading) {
        return new Desk().breaker("trading", trading);
    }

    Desk breaker(String name, Consumer<BreakerConfigBuilder> config) {
        builder.breaker(name, BreakerConfig.DEFAULT.with(config));
        return this;
    }

    Desk checker(HealthChecker checker) {
        checkers.add(checker);
        return this;
    }

    BreakerRegistry registry() {
        if (registry == null) {
            registry = builder.clock(time.clock())
                    .scheduler(time)
                    .listeners(List.of(transitions::add))
                    .healthCheckers(checkers)
                    .classifiers(classifiers)
                    .build();
        }
        return registry;
    }

    TradingBreaker breaker() {
        return breaker("trading");
    }

    TradingBreaker breaker(String name) {
        return registry().breaker(name);
    }

    /** That many calls side by side, each of that length, all successful. */
    Desk calls(int count, long millis) {
        return calls(count, millis, Permit::success);
    }

    Desk calls(int count, long millis, Consumer<Permit> end) {
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            permits.add(breaker().acquire(Intent.OPEN_RISK));
        }
        advance(millis);
        permits.forEach(end);
        return this;
    }

    Desk failures(int count) {
        return calls(count, 1, Permit::failure);
    }

    Desk advance(long millis) {
        registry();
        time.advance(Duration.ofMillis(millis));
        return this;
    }

    Desk open() {
        breaker().trip("test", null);
        return runDue();
    }

    /** To the first moment of HALF_OPEN, for a breaker without a failing health checker. */
    Desk halfOpen() {
        open();
        advance(breaker().config().recoveryTimeout().toMillis());
        return expect(BreakerState.HALF_OPEN);
    }

    Desk runDue() {
        time.runDue();
        return this;
    }

    Desk expect(BreakerState state) {
        assertThat(breaker().state()).isEqualTo(state);
        return this;
    }

    Transition lastTransition() {
        runDue();
        return transitions.get(transitions.size() - 1);
    }

    Rule lastRule() {
        return lastTransition().reason().rule();
    }

    TradingPausedException refusal(Intent intent) {
        return catchThrowableOfType(
                TradingPausedException.class, () -> breaker().acquire(intent));
    }

    /** Total and permitted add up. */
    static void assertBalanced(TradingBreaker breaker) {
        BreakerCounters c = breaker.counters();
        assertThat(c.total()).isEqualTo(c.permitted() + c.rejected());
        assertThat(c.permitted()).isEqualTo(c.successful() + c.failed() + c.ignored() + c.abandoned() + c.inFlight());
    }
}
