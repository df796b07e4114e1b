package io.tradingbreaker.spring.health;

import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerSnapshot;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.StoreStatus;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TransitionReason;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What health says of the breakers. Knows no class of Spring Boot's health, as these differ between its lines: each line
 * has an indicator that only repeats this.
 *
 * @param status UP, or the status for trading that is paused
 * @param details each breaker's state, by its name, of keyed ones the first 100 that are not CLOSED; with a store of halts,
 *     its state as {@code haltStore}
 */
public record TradingBreakerHealth(String status, Map<String, Object> details) {

    private static final String UP = "UP";
    private static final int MOST_KEYED = 100;

    /**
     * What to say now.
     *
     * @param pausedStatus the status while a breaker refuses calls; UP leaves the service's health alone
     * @param probes what a breaker's probe sees in the background, as a line; null if it looks at nothing
     */
    public static TradingBreakerHealth of(
            BreakerRegistry registry, String pausedStatus, Function<String, @Nullable String> probes) {
        String status = UP;
        int keyed = 0;
        Map<String, Object> details = new LinkedHashMap<>();
        for (TradingBreaker breaker : registry.breakers()) {
            boolean isKeyed = KeyedBreakers.isKeyed(breaker.name());
            boolean isPaused;
            if (isKeyed && breaker.state() == BreakerState.CLOSED) {
                isPaused = false;
            } else if (isKeyed && ++keyed > MOST_KEYED) {
                // There may be 10,000, and a snapshot of each would take half a second.
                isPaused = isPaused(breaker.state(), breaker.mode());
            } else {
                BreakerSnapshot snapshot = breaker.snapshot();
                isPaused = isPaused(snapshot.state(), snapshot.mode());
                details.put(breaker.name(), details(snapshot, probes.apply(breaker.name())));
            }
            status = isPaused ? pausedStatus : status;
        }
        StoreStatus store = registry.storeStatus();
        if (store != null) {
            // No breaker's name has a capital.
            details.put("haltStore", StoreHealth.details(store));
        }
        return new TradingBreakerHealth(status, details);
    }

    /** The status that the configuration wants while a breaker refuses calls. A blank setting counts as unset. */
    public static String pausedStatus(Environment environment) {
        Boolean affectsStatus = Binder.get(environment)
                .bind("trading-breaker.health.affects-status", Boolean.class)
                .orElse(false);
        if (!Boolean.TRUE.equals(affectsStatus)) {
            return UP;
        }
        String status = environment.getProperty("trading-breaker.health.open-status", "");
        return status.isBlank() ? "OUT_OF_SERVICE" : status.strip().toUpperCase(Locale.ROOT);
    }

    /** HALF_OPEN tests recovery and is not paused; nor is an OPEN that only observes, since it refuses nothing. */
    private static boolean isPaused(BreakerState state, BreakerMode mode) {
        return switch (state) {
            case HALTED -> true;
            case OPEN -> mode == BreakerMode.ENFORCE;
            case CLOSED, HALF_OPEN -> false;
        };
    }

    private static Map<String, @Nullable Object> details(BreakerSnapshot breaker, @Nullable String probe) {
        TransitionReason reason = breaker.reason();
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("state", breaker.state().name());
        details.put("mode", breaker.mode() == BreakerMode.ENFORCE ? "enforce" : "observe");
        details.put("since", breaker.since().toString());
        details.put("reason", reason == null ? null : reason.message());
        if (probe != null) {
            details.put("probe", probe);
        }
        return details;
    }
}
